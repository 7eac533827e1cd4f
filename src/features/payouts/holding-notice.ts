import type { Wire } from '../../api/view.ts';
import type { Currency } from '../../data/currencies.ts';
import type { Minor } from '../../kernel/money.ts';
import { startOfDay, type UnixSeconds } from '../../kernel/time.ts';
import type { HoldingAction, HoldingNotice } from './holding.ts';

/** What an event about a holding limit tells of (R192). */
export interface HoldingNoticeWire {
  readonly account: string;
  readonly action: HoldingAction;
  readonly amount: Minor;
  readonly currency: Currency;
  /** When the limit is reached, by the oldest of the money. */
  readonly limit_at: UnixSeconds;
}

/** @param notice whose money it is, what happens to it, how much, and when */
export const holdingNoticeWire = (
  notice: HoldingNotice & Omit<HoldingNoticeWire, 'limit_at'>,
  { livemode }: { readonly livemode: boolean },
): Wire & HoldingNoticeWire => ({
  object: 'holding_notice',
  account: notice.account,
  action: notice.action,
  amount: notice.amount,
  currency: notice.currency,
  limit_at: startOfDay(notice.on),
  livemode,
});
