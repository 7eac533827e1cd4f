import { limits } from '../../data/limits.ts';
import { addBusinessDays } from '../../kernel/calendar.ts';
import { type Day, dayOf, type UnixSeconds } from '../../kernel/time.ts';

/**
 * The day on which money that was sent to or from a bank arrives, at 00:00:00. What is made on a weekend counts from Monday.
 *
 * @rule R180
 */
export const arrivalDay = (created: UnixSeconds, businessDays: number = limits.payoutTransitDays): Day =>
  addBusinessDays(dayOf(created), businessDays);
