import { expect, test } from 'vitest';
import type { ViewEnv } from '../../api/view.ts';
import { monday, testAccount, testContext, testPlatform } from '../../engine/testing.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import type { AccountObject } from '../accounts/object.ts';
import { recordConsent } from './record.ts';
import { consentView } from './view.ts';

const seller = { id: testAccount(1), account: testPlatform, created: monday } as AccountObject;
const platform = { ...seller, id: testPlatform, platform: { application_name: 'P', reserves_enabled: true } };
const params = { account: seller.id, date: monday };

test.each([undefined, { ...seller, deleted: true as const }, platform])(
  'R76: only a connected account consents',
  (account) => {
    const answer = recordConsent.decide(params, { account }, testContext());
    expect(isRefusal(answer) && [answer.name, answer.error.param]).toEqual(['no_such', 'account']);
  },
);

test('R76: an account consents for itself alone', () => {
  const answer = recordConsent.decide(params, { account: seller }, testContext({ account: testAccount(2) }));
  expect(isRefusal(answer) && answer.name).toBe('no_such');
});

test('R76: the consent stands in the account', () => {
  const decision = recordConsent.decide({ ...params, ip: '192.0.2.1' }, { account: seller }, testContext());
  if (isRefusal(decision)) throw new Error(decision.error.message);
  expect(decision.put).toEqual([{ ...seller, consent: { date: monday, ip: '192.0.2.1' } }]);
  expect(consentView.render(decision.result, {} as ViewEnv)).toEqual({
    object: 'consent',
    account: seller.id,
    date: monday,
    ip: '192.0.2.1',
    text: null,
  });
});
