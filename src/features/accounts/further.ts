import { at } from './details.ts';
import type { AccountObject } from './object.ts';

/** `requirements.disabled_reason` while something is off because of what is not shown. */
const PAST_DUE = 'requirements.past_due';

/** What is asked for when somebody looks closer: a document of whoever answers for the account. */
const documentOf = ({ business_type }: AccountObject): string =>
  business_type === 'individual' ? 'individual.verification.document' : 'company.verification.document';

/**
 * The account, with one thing more that is asked of it. With `blockCharges` and `blockPayouts` it is late already, and cannot charge or be
 * paid until it has shown it. A rejected account stays as it is.
 */
export function withFurther(
  account: AccountObject,
  what: 'requirements' | 'blockCharges' | 'blockPayouts',
): AccountObject {
  const { changedPart: _, ...rest } = account;
  const asked: AccountObject = { ...rest, furtherRequirements: [documentOf(account)] };
  if (what === 'requirements') return asked;
  return {
    ...asked,
    disabled_reason: account.disabled_reason ?? PAST_DUE,
    ...(what === 'blockCharges' ? { charges_enabled: false } : { payouts_enabled: false }),
  };
}

/** The account that has shown whatever else was asked of it. */
export function withoutFurther(account: AccountObject): AccountObject {
  const { furtherRequirements: _asked, disabled_reason: reason, ...rest } = account;
  return reason === undefined || reason === PAST_DUE ? rest : { ...rest, disabled_reason: reason };
}

const isShown = ({ company, individual }: AccountObject, requirement: string): boolean => {
  const [who, ...path] = requirement.split('.');
  return at(who === 'individual' ? individual : company, ...path, 'front') !== null;
};

/** Whether a change of the account's fields has shown what else was asked of it. */
export const showsFurther = (before: AccountObject, after: AccountObject): boolean =>
  before.furtherRequirements?.every((each) => isShown(after, each) && isNew(before, after)) === true;

const isNew = (before: AccountObject, after: AccountObject): boolean =>
  before.company !== after.company || before.individual !== after.individual;
