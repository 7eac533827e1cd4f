import { describe, expect, test } from 'vitest';
import { platformOf, sellerOf } from '../../../test/support/parties.ts';
import { validateObject } from '../../../test/support/schema.ts';
import { monday, testAccount, testContext, testPlatform } from '../../engine/testing.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import type { AccountObject } from '../accounts/object.ts';
import { createAccountLink } from './create.ts';
import type { AccountLinkObject } from './object.ts';
import { accountLinkView } from './view.ts';
import { visitAccountLink } from './visit.ts';

const env = { livemode: false, book: 7, platform: testPlatform, application: 'ca_1', account: testPlatform };
const { tos_acceptance: _, ...bare } = sellerOf(1, { details_submitted: false, external_accounts: [] });
const seller: AccountObject = bare;
const params = {
  account: seller.id,
  type: 'account_onboarding',
  refresh_url: 'https://shop.example/again',
  return_url: 'https://shop.example/back',
} as const;
const made = createAccountLink.decide(params, { account: seller }, testContext());
if (isRefusal(made)) throw new Error(made.error.message);
const link: AccountLinkObject = made.result;

test('a link on the wire', () => {
  const wire = accountLinkView.render(link, { ...env, origin: 'https://pay.example' }) as Record<string, unknown>;
  expect(validateObject(wire)).toEqual([]);
  expect(wire).toEqual({
    object: 'account_link',
    created: monday,
    expires_at: monday + 300,
    url: `https://pay.example/setup/${link.id}/${link.secret}`,
  });
});

test.each([
  ['unknown', undefined],
  ['deleted', { ...seller, deleted: true as const }],
  ["the platform's own", platformOf()],
  ['another platform', { ...seller, account: testAccount(9) }],
])('X2 no link for an account that is %s', (_, account) => {
  expect(createAccountLink.decide(params, { account }, testContext())).toMatchObject({ name: 'account_access' });
});

describe('a visit', () => {
  const visit = (more: {
    link?: AccountLinkObject | undefined;
    account?: AccountObject;
    secret?: string;
    now?: number;
    livemode?: boolean;
  }) =>
    visitAccountLink.decide(
      { link: link.id, secret: more.secret ?? link.secret, ip: '127.0.0.1', user_agent: 'browser' },
      { link: 'link' in more ? more.link : link, account: more.account ?? seller },
      testContext({ now: more.now ?? monday + 299, livemode: more.livemode ?? false, seq: 2000 }),
    );

  test('R76 onboards, with a bank account in test mode', () => {
    expect(visit({})).toMatchObject({
      put: [
        { used: true },
        {
          details_submitted: true,
          tos_acceptance: { date: monday + 299, ip: '127.0.0.1', user_agent: 'browser' },
          external_accounts: [{ object: 'bank_account', country: 'US', default_for_currency: true }],
        },
      ],
      emit: [{ type: 'account.external_account.created' }, { type: 'account.updated' }],
    });
    expect(visit({ livemode: true })).toMatchObject({ put: [{}, { details_submitted: true, external_accounts: [] }] });
  });

  const refused = [
    ['no_such_in_path', { link: undefined, now: monday + 300 }],
    ['no_such_in_path', { secret: 'x', now: monday + 300 }],
    ['no_such_in_path', { account: { ...seller, deleted: true as const }, now: monday + 300 }],
    ['account_link_expired', { now: monday + 300 }],
    ['account_link_expired', { link: { ...link, used: true as const } }],
  ] as const;
  test.each(refused)('%s', (name, more) => {
    expect(visit(more)).toMatchObject({ refused: true, name });
  });
});
