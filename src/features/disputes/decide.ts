import { type Context, command, type Reader } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { noSuchDispute } from './answer.ts';
import type { Verdict } from './evidence.ts';
import { type Case, findCase, ownCase } from './find.ts';
import { verdictSteps } from './outcome.ts';
import { isInquiry, isOpen } from './rules.ts';

export const decisions = ['won', 'lost', 'escalated'] as const;

export interface DecideDispute {
  readonly dispute: string;
  readonly outcome: (typeof decisions)[number];
}

const verdicts: Readonly<Record<DecideDispute['outcome'], Verdict>> = {
  won: 'win',
  lost: 'lose',
  escalated: 'escalate',
};

/**
 * What the bank has decided, told by hand: the only way in live mode, where no evidence decides by itself.
 *
 * @rule M20, M21, M22, R168
 */
export const decideDispute = command({
  name: 'disputes.decide',
  // A platform decides disputes anywhere in its book, a connected account its own.
  load: (read: Reader, { dispute }: DecideDispute, ctx: Context) =>
    ctx.onBehalf ? ownCase(read, { dispute }, ctx) : findCase(read, dispute, ctx),

  decide({ dispute: id, outcome: decision }: DecideDispute, found: Case | undefined, ctx) {
    if (!found) return noSuchDispute({ dispute: id });
    if (!isOpen(found.dispute)) return refuse('dispute_closed');
    if (decision === 'escalated' && !isInquiry(found.dispute)) {
      return refuse('invalid_value', { param: 'outcome', reason: 'only an inquiry can escalate' });
    }
    const { dispute: result, ...outcome } = verdictSteps[verdicts[decision]](found, ctx);
    return { ...outcome, result };
  },
});
