import type { AccountObject } from './object.ts';

/** The account once the platform has no access to it any more (X2). What was booked stays. */
export function disconnected(account: AccountObject): AccountObject {
  const { changedPart: _, ...rest } = account;
  return { ...rest, charges_enabled: false, payouts_enabled: false, deleted: true };
}
