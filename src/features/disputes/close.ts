import { type Context, command, type Due, type Reader } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { noSuchDispute } from './answer.ts';
import { type Case, findCase, type Named, ownCase } from './find.ts';
import { dueJob, inquiryEndJob } from './open.ts';
import { lose } from './outcome.ts';
import { isOpen } from './rules.ts';

/**
 * The seller gives up: a chargeback is lost, an inquiry is over.
 *
 * @rule M22
 */
export const closeDispute = command({
  name: 'disputes.close',
  load: (read: Reader, params: Named, ctx: Context) => ownCase(read, params, ctx),

  decide(params: Named, found: Case | undefined, ctx) {
    if (!found) return noSuchDispute(params);
    if (!isOpen(found.dispute)) return refuse('dispute_closed');
    const { dispute: result, ...outcome } = lose(found, ctx);
    return { ...outcome, result };
  },
});

const loadDue = (read: Reader, { subject }: Due, ctx: Context) => findCase(read, subject, ctx);

/**
 * The bank's deadline passes: who has not answered has lost. What was answered stays under review.
 *
 * @rule R176, M22
 */
export const loseUnanswered = command({
  name: dueJob,
  load: loadDue,

  decide(_: Due, found: Case | undefined, ctx) {
    if (found?.dispute.status !== 'needs_response') return { result: null };
    const { dispute: _lost, ...outcome } = lose(found, ctx);
    return { ...outcome, result: null };
  },
});

/**
 * An inquiry that nobody escalated is over after 120 days.
 *
 * @rule M20
 */
export const endInquiry = command({
  name: inquiryEndJob,
  load: loadDue,

  decide(_: Due, found: Case | undefined, ctx) {
    const status = found?.dispute.status;
    if (!found || (status !== 'warning_needs_response' && status !== 'warning_under_review')) return { result: null };
    const { dispute: _over, ...outcome } = lose(found, ctx);
    return { ...outcome, result: null };
  },
});
