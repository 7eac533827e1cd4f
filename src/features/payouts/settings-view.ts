import type { Wire } from '../../api/view.ts';
import type { AccountObject } from '../accounts/object.ts';
import { holdDaysMax, holdingAction } from './holding.ts';

/** To be read by whoever switches payouts to manual. Nothing is refused because of it (R193). */
export const considerations: readonly string[] = [
  'Hold money only for a clear purpose, and pay it out when the condition is met. Typically that is when a service has been rendered, as with rentals, deliveries and rides.',
  'Without such a purpose pay out as soon as it is known who receives the money, normally at the charge.',
  'Ask a lawyer when you are not sure whether you may hold it, or for how long.',
];

/**
 * How an account is paid out, and what its platform lets happen to money that waits.
 *
 * @rule R191, R192, R193
 */
export const payoutSettingsWire = (account: AccountObject, platform: AccountObject): Wire => ({
  object: 'payout_settings',
  account: account.id,
  considerations,
  holding_limit_action: holdingAction(platform.platform),
  holding_limit_days: holdDaysMax(account),
  interval: account.schedule.interval,
});
