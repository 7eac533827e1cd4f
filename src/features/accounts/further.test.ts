import { expect, test } from 'vitest';
import { bankOf, sellerOf } from '../../../test/support/parties.ts';
import { validateObject } from '../../../test/support/schema.ts';
import { monday, testPlatform } from '../../engine/testing.ts';
import { showsFurther, withFurther, withoutFurther } from './further.ts';
import type { AccountObject } from './object.ts';
import { onboarded } from './onboarding.ts';
import { withStatus } from './status.ts';
import { accountView } from './view.ts';

const env = { livemode: false, book: 7, platform: testPlatform, application: 'ca_1', account: testPlatform };
const company = sellerOf(1, { business_type: 'company' });
const person = sellerOf(1, { business_type: 'individual' });
const wire = (account: AccountObject) => accountView.render(account, env) as Record<string, unknown>;

test('what is asked of a company and of an individual', () => {
  expect(withFurther(company, 'requirements').furtherRequirements).toEqual(['company.verification.document']);
  expect(withFurther(person, 'requirements').furtherRequirements).toEqual(['individual.verification.document']);
});

const shown = [
  ['requirements', { currently_due: ['company.verification.document'], past_due: [], disabled_reason: null }],
  ['blockCharges', { past_due: ['company.verification.document'], disabled_reason: 'requirements.past_due' }],
  ['blockPayouts', { past_due: ['company.verification.document'], disabled_reason: 'requirements.past_due' }],
] as const;
test.each(shown)('%s on the wire', (what, requirements) => {
  const account = wire(withFurther(company, what));
  expect(validateObject(account)).toEqual([]);
  expect(account).toMatchObject({ requirements });
});

test('nothing that is done otherwise switches it on again', () => {
  const blocked = withFurther(company, 'blockCharges');
  expect(withStatus(blocked, true)).toMatchObject({ charges_enabled: false, payouts_enabled: true });
  expect(withStatus(withoutFurther(blocked), true)).toMatchObject({ charges_enabled: true });
});

test('a rejected account stays rejected', () => {
  const rejected = { ...company, disabled_reason: 'rejected.fraud', charges_enabled: false };
  const blocked = withFurther(rejected, 'blockPayouts');
  expect(blocked.disabled_reason).toBe('rejected.fraud');
  expect(withoutFurther(blocked).disabled_reason).toBe('rejected.fraud');
});

test('a document shows it, if it is a new one', () => {
  const document = { verification: { document: { front: 'file_1' } } };
  const asked = withFurther(company, 'requirements');
  expect(showsFurther(asked, { ...asked, company: document })).toBe(true);
  expect(showsFurther(asked, { ...asked, company: { name: 'Inc.' } })).toBe(false);
  expect(showsFurther(asked, { ...asked, individual: document })).toBe(false);
  const old = { ...asked, company: document };
  expect(showsFurther(old, { ...old, email: 'a@example.com' })).toBe(false);
  expect(showsFurther(company, { ...company, company: document })).toBe(false);
});

test('R76 the hosted pages record when, where and with what somebody agreed', () => {
  const agreement = { date: monday, ip: '127.0.0.1', user_agent: 'browser' };
  const { tos_acceptance: _, ...fresh } = sellerOf(1, { details_submitted: false, external_accounts: [] });
  const after = onboarded(fresh, { agreement, bank: bankOf(1, 'usd') });
  expect(after).toMatchObject({
    details_submitted: true,
    tos_acceptance: agreement,
    external_accounts: [{ default_for_currency: true }],
  });
  const again = onboarded(after, { agreement: { ...agreement, date: monday + 60 }, bank: undefined });
  expect(again.tos_acceptance?.date).toBe(monday);
});
