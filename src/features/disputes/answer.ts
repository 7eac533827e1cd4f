import { mergeMetadata } from '../../api/params.ts';
import { type Context, command, type Reader } from '../../engine/command.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { files } from '../files/object.ts';
import {
  type Answer,
  type FilesFound,
  filesOf,
  mergeEvidence,
  refuseEvidence,
  type Verdict,
  verdictOf,
} from './evidence.ts';
import { type Case, type Named, ownCase } from './find.ts';
import { type DisputeObject, disputes } from './object.ts';
import { news } from './open.ts';
import { verdictSteps } from './outcome.ts';
import { isInquiry, isOpen } from './rules.ts';

export type AnswerDispute = Named & Answer;

function load(read: Reader, params: AnswerDispute, ctx: Context): Answered | undefined {
  const found = ownCase(read, params, ctx);
  return found && { ...found, files: filesOf(params.evidence, (id) => read.own(files, id)) };
}

/** A case with the files that its evidence names. */
type Answered = Case & { readonly files?: FilesFound };

export const noSuchDispute = (named: Named): Refusal =>
  'dispute' in named
    ? refuse('no_such_in_path', { object: disputes.noun, id: named.dispute, param: 'dispute' })
    : refuse('no_such_in_path', { object: 'charge', id: named.charge, param: 'id' });

/** What the bank makes of what was submitted; a chargeback cannot escalate further, so there that is text like any other. */
function verdictFor(dispute: DisputeObject, ctx: Pick<Context, 'livemode'>): Verdict | undefined {
  const verdict = verdictOf(dispute.evidence ?? {}, ctx);
  return verdict === 'escalate' && !isInquiry(dispute) ? undefined : verdict;
}

/** With the answer written down, submitted or not. */
function answered(dispute: DisputeObject, params: Answer, ctx: Context): DisputeObject {
  const evidence = mergeEvidence(dispute.evidence, params.evidence);
  const has_evidence = Object.keys(evidence).length > 0;
  const submits = has_evidence && (params.submit ?? params.evidence !== undefined);
  return {
    ...dispute,
    evidence,
    has_evidence,
    ...(submits && {
      status: isInquiry(dispute) ? ('warning_under_review' as const) : ('under_review' as const),
      submission_count: dispute.submission_count + 1,
    }),
    settledThrough: ctx.settledThrough,
  };
}

/** Closed, or too late. What decides at once is the bank's word and no evidence of the seller's, so it is never late. */
function refuseAnswer(
  { dispute, files: found }: Answered,
  written: DisputeObject,
  params: Answer,
  ctx: Context,
): Refusal | null {
  if (!isOpen(dispute)) return refuse('dispute_closed');
  if (params.evidence) {
    const refusal = refuseEvidence(params.evidence, written.evidence ?? {}, found);
    if (refusal) return refusal;
  }
  const late = dispute.due_by !== undefined && ctx.now > dispute.due_by;
  return late && verdictFor(written, ctx) === undefined ? refuse('dispute_evidence_late') : null;
}

/**
 * Evidence against a dispute, submitted unless `submit` is false. Evidence of a test decides at once; any other leaves the
 * dispute under review until the bank decides.
 *
 * @rule M20, M21, M22, M23, R168, R173
 */
export const answerDispute = command({
  name: 'disputes.update',
  load,

  decide(params: AnswerDispute, found: Answered | undefined, ctx) {
    if (!found) return noSuchDispute(params);
    const { intended_submission_method, metadata } = params;
    const labelled: DisputeObject = {
      ...found.dispute,
      ...(intended_submission_method !== undefined && { intended_submission_method }),
      ...(metadata !== undefined && { metadata: mergeMetadata(found.dispute.metadata, metadata) }),
    };
    if (params.evidence === undefined && params.submit !== true) {
      return { result: labelled, put: [labelled], emit: [news('charge.dispute.updated', labelled)] };
    }
    const written = answered(labelled, params, ctx);
    const refusal = refuseAnswer(found, written, params, ctx);
    if (isRefusal(refusal)) return refusal;
    const submitted = written.submission_count > labelled.submission_count;
    const verdict = submitted ? verdictFor(written, ctx) : undefined;
    const told = news('charge.dispute.updated', written);
    if (verdict === undefined) return { result: written, put: [written], emit: [told] };
    const { dispute: result, ...outcome } = verdictSteps[verdict]({ ...found, dispute: written }, ctx);
    const already = outcome.emit[0]?.type === told.type;
    return { ...outcome, result, emit: already ? outcome.emit : [{ ...told, object: result }, ...outcome.emit] };
  },
});
