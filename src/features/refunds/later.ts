import type { Due } from '../../engine/command.ts';
import { steps } from '../../kernel/day.ts';
import { dayOf, startOfDay, type UnixSeconds } from '../../kernel/time.ts';
import type { ChargeObject } from '../charges/object.ts';
import type { RefundObject } from './object.ts';

/** Names of the jobs that decide later what becomes of a refund. */
export const refundJobs = {
  fail: 'refunds.fail',
  retry: 'refunds.retry',
  succeed: 'refunds.succeed',
} as const;

const nextStart = (now: UnixSeconds): UnixSeconds => startOfDay(dayOf(now) + 1);

/** What a card's bank says of a refund at once, and what it is going to say at the next start of day. */
export function bankAnswer(
  refund: Pick<RefundObject, 'id'>,
  { behaviour }: Pick<ChargeObject, 'behaviour'>,
  now: UnixSeconds,
): { readonly answer: Pick<RefundObject, 'status' | 'pending_reason'>; readonly schedule: readonly Due[] } {
  const later = (job: string): Due[] => [{ at: nextStart(now), order: steps.bankResults, job, subject: refund.id }];
  switch (behaviour) {
    case 'pendingRefund':
      return { answer: { status: 'pending', pending_reason: 'processing' }, schedule: later(refundJobs.succeed) };
    case 'refundFail':
      return { answer: { status: 'succeeded' }, schedule: later(refundJobs.fail) };
    default:
      return { answer: { status: 'succeeded' }, schedule: [] };
  }
}

/**
 * The next try of a refund that waits for funds (R66). Each has its own, so that one that does not fit blocks no other;
 * the subject begins with when it was born, so that the oldest is tried first, whatever its id is called.
 */
export const nextTry = ({ id }: Pick<RefundObject, 'id'>, now: UnixSeconds): Due => ({
  at: nextStart(now),
  order: steps.refundRetries,
  job: refundJobs.retry,
  subject: `${id.slice(id.lastIndexOf('_') + 1)} ${id}`,
});

/** The refund that a try is about. */
export const refundOf = ({ subject }: Pick<Due, 'subject'>): string => subject.slice(subject.lastIndexOf(' ') + 1);
