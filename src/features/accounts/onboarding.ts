import type { UnixSeconds } from '../../kernel/time.ts';
import { withAdded } from './external-accounts.ts';
import { withoutFurther } from './further.ts';
import type { AccountObject, ExternalAccount } from './object.ts';

/** Where and how somebody agreed to the terms. */
export interface Agreement {
  readonly date: UnixSeconds;
  readonly ip: string;
  readonly user_agent: string;
}

/**
 * The account after whoever answers for it went through the hosted pages: everything is told, the terms are agreed to, which
 * is also consent to account debits (R76), and whatever else was asked is shown. The first agreement counts.
 *
 * @param bank a bank account that was entered on the way
 */
export function onboarded(
  account: AccountObject,
  { agreement, bank }: { readonly agreement: Agreement; readonly bank: ExternalAccount | undefined },
): AccountObject {
  const { changedPart: _, ...rest } = withoutFurther(account);
  const accepted =
    rest.tos_acceptance?.date === undefined ? { ...rest.tos_acceptance, ...agreement } : rest.tos_acceptance;
  return {
    ...rest,
    details_submitted: true,
    tos_acceptance: accepted,
    external_accounts: bank ? withAdded(rest.external_accounts, bank, true) : rest.external_accounts,
  };
}
