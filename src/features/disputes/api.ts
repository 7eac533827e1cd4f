import { Refused } from '../../api/errors.ts';
import {
  amount,
  boolean,
  form,
  id,
  metadata,
  type OptionalParam,
  object,
  oneOf,
  optional,
  type Param,
  text,
  unsupported,
} from '../../api/params.ts';
import { admin, create, list, type Route, read, retrieve, update } from '../../api/route.ts';
import { evidenceFiles, evidenceTexts } from '../../data/dispute-evidence.ts';
import { disputeReasonNames } from '../../data/dispute-reasons.ts';
import { charges } from '../charges/object.ts';
import { answerDispute, noSuchDispute } from './answer.ts';
import { closeDispute } from './close.ts';
import { createDispute } from './create.ts';
import { decideDispute, decisions } from './decide.ts';
import type { EvidenceChange } from './evidence.ts';
import { disputes } from './object.ts';
import { disputeView } from './view.ts';

const evidence = object({
  ...Object.fromEntries(
    Object.entries(evidenceTexts).map(([key, max]): [string, OptionalParam<string>] => [key, optional(text({ max }))]),
  ),
  ...Object.fromEntries(evidenceFiles.map((key): [string, OptionalParam<string>] => [key, optional(id())])),
  appeal: unsupported(),
  enhanced_evidence: unsupported(),
}) as Param<EvidenceChange>;

const answer = form({
  evidence: optional(evidence),
  intended_submission_method: optional(oneOf(['manual', 'prefer_manual', 'prefer_smart_disputes', 'smart_disputes'])),
  metadata: optional(metadata()),
  submit: optional(boolean()),
});

export const routes: readonly Route[] = [
  list('/v1/disputes', disputeView, {
    tier: 1,
    summary: 'Disputes and inquiries of the account, newest first.',
    filters: { charge: 'ref', created: 'created', payment_intent: 'ref' },
  }),
  retrieve('/v1/disputes/:dispute', disputeView, { tier: 1, param: 'dispute', summary: 'One dispute or inquiry.' }),
  update('/v1/disputes/:dispute', {
    tier: 1,
    summary: 'Evidence, submitted unless `submit` is false (M23, R173), and labels.',
    params: answer,
    command: answerDispute,
    view: disputeView,
  }),
  create('/v1/disputes/:dispute/close', {
    tier: 1,
    summary: 'Gives a dispute up: it is lost (M22); an inquiry is closed.',
    command: closeDispute,
    view: disputeView,
  }),

  read('/v1/charges/:charge/dispute', {
    tier: 3,
    summary: 'The newest dispute of a charge; for old clients.',
    view: disputeView,
    async handler(read, named) {
      const charge = await read.object(charges, named.charge);
      const newest = charge?.disputes?.[0];
      const dispute = newest === undefined ? null : await read.object(disputes, newest);
      if (dispute === null) throw new Refused(noSuchDispute(named));
      return read.view(dispute);
    },
  }),
  update('/v1/charges/:charge/dispute', {
    tier: 3,
    summary: 'Evidence against the newest dispute of a charge; for old clients.',
    params: answer,
    command: answerDispute,
    view: disputeView,
  }),
  create('/v1/charges/:charge/dispute/close', {
    tier: 3,
    summary: 'Gives the newest dispute of a charge up; for old clients.',
    command: closeDispute,
    view: disputeView,
  }),

  admin('POST', '/evenkeel/v1/disputes', {
    tier: 1,
    asAccount: true,
    summary: 'The bank disputes a charge (M18), or asks about it first (M19).',
    params: form({
      charge: id(),
      account: optional(id()),
      amount: optional(amount()),
      inquiry: optional(boolean()),
      reason: optional(oneOf(disputeReasonNames)),
    }),
    command: createDispute,
    view: disputeView,
  }),
  admin('POST', '/evenkeel/v1/disputes/:dispute/decide', {
    tier: 1,
    asAccount: true,
    summary: 'What the bank has decided: won (M21), lost (M22), or an inquiry escalated (M20).',
    params: form({ outcome: oneOf(decisions) }),
    command: decideDispute,
    view: disputeView,
  }),
];
