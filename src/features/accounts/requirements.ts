import { at } from './details.ts';
import type { AccountObject } from './object.ts';

const given = (value: unknown): boolean => value !== null && value !== undefined;

/** Whoever answers for the account, as far as test mode asks. */
function identityDue({ business_type, individual, company }: AccountObject): readonly string[] {
  if (business_type === undefined) return ['business_type'];
  if (business_type !== 'individual') return given(at(company, 'name')) ? [] : ['company.name'];
  return ['first_name', 'last_name'].filter((name) => !given(at(individual, name))).map((name) => `individual.${name}`);
}

/**
 * What is missing until the account's capabilities become active, in Stripe's spelling, sorted.
 *
 * Who collects it decides what it is: of a platform that collects it itself, all of it; of Stripe, that the account has
 * been through the hosted pages.
 */
export function requirementsDue(account: AccountObject): readonly string[] {
  const bank = account.external_accounts.length > 0 ? [] : ['external_account'];
  if (account.controller.requirement_collection === 'stripe') {
    return account.details_submitted ? bank : [...bank, 'tos_acceptance.date', 'tos_acceptance.ip'];
  }
  const profile = ['mcc', 'product_description', 'url'].some((name) => given(at(account.business_profile, name)));
  return [
    ...bank,
    ...(profile ? [] : ['business_profile.url']),
    ...identityDue(account),
    ...(account.tos_acceptance?.date === undefined ? ['tos_acceptance.date', 'tos_acceptance.ip'] : []),
  ].sort();
}
