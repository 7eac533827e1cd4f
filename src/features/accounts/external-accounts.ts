import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { AccountObject, ExternalAccount } from './object.ts';

type Externals = readonly ExternalAccount[];

/** Makes `id` the default of its currency, and no other. */
export function withDefault(externals: Externals, id: string): Externals {
  const currency = externals.find((external) => external.id === id)?.currency;
  return externals.map((external) =>
    external.currency === currency ? { ...external, default_for_currency: external.id === id } : external,
  );
}

/** Adds an external account at the end. The first of a currency is its default, a later one when it is asked for. */
export function withAdded(externals: Externals, added: ExternalAccount, asDefault: boolean): Externals {
  const all = [...externals, { ...added, default_for_currency: false }];
  const isFirst = !externals.some(({ currency }) => currency === added.currency);
  return isFirst || asDefault ? withDefault(all, added.id) : all;
}

/** Adds an external account as the default of its currency, in the place of the one that was it. */
export function withReplaced(
  externals: Externals,
  added: ExternalAccount,
): { readonly externals: Externals; readonly removed: ExternalAccount | undefined } {
  const removed = externals.find((each) => each.currency === added.currency && each.default_for_currency);
  return {
    externals: withAdded(
      externals.filter((each) => each !== removed),
      added,
      true,
    ),
    removed,
  };
}

/**
 * Takes an external account away.
 *
 * @returns a refusal for the default of the account's default currency, and for any other default while its currency
 *          has further accounts: first one of those has to become it
 */
export function withRemoved(account: AccountObject, removed: ExternalAccount): Externals | Refusal {
  const rest = account.external_accounts.filter(({ id }) => id !== removed.id);
  const isNeeded =
    removed.currency === account.default_currency || rest.some(({ currency }) => currency === removed.currency);
  if (removed.default_for_currency && isNeeded) return refuse('external_account_default');
  return rest;
}

export const withChanged = (externals: Externals, changed: ExternalAccount): Externals =>
  externals.map((external) => (external.id === changed.id ? changed : external));

/** A payout to it or a debit of it has failed for good: nothing more is paid to it until somebody updates it (R103, R184). */
export const asErrored = (external: ExternalAccount): ExternalAccount =>
  external.status === 'errored'
    ? external
    : { ...external, status: 'errored', ...(external.status !== undefined && { statusBefore: external.status }) };

/** Somebody has updated it, so that it may be tried again, from the first attempt (R104). */
export function asUpdated({ failedDebits: _, ...external }: ExternalAccount): ExternalAccount {
  const { statusBefore, status, ...rest } = external;
  if (status !== 'errored') return external;
  // A card has no status unless it is errored.
  return statusBefore === undefined && external.object === 'card' ? rest : { ...rest, status: statusBefore ?? 'new' };
}
