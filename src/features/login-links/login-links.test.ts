import { expect, test } from 'vitest';
import { sellerOf } from '../../../test/support/parties.ts';
import { validateObject } from '../../../test/support/schema.ts';
import { controllerPresets } from '../../data/controllers.ts';
import { monday, testAccount, testContext, testPlatform } from '../../engine/testing.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { createLoginLink } from './create.ts';
import type { LoginLinkObject } from './object.ts';
import { loginLinkView } from './view.ts';
import { visitLoginLink } from './visit.ts';

const env = { livemode: false, book: 7, platform: testPlatform, application: 'ca_1', account: testPlatform };
const express = sellerOf(1);
const made = createLoginLink.decide({ account: express.id }, { account: express }, testContext());
if (isRefusal(made)) throw new Error(made.error.message);
const link: LoginLinkObject = made.result;

test('a link on the wire', () => {
  const wire = loginLinkView.render(link, env) as Record<string, unknown>;
  expect(validateObject(wire)).toEqual([]);
  expect(wire.url).toBe(`http://127.0.0.1:12111/express/${link.id}/${link.secret}`);
});

test('only of express accounts of the platform', () => {
  const answer = (account: typeof express | undefined) =>
    createLoginLink.decide({ account: express.id }, { account }, testContext());
  const custom = { ...express, controller: controllerPresets.custom };
  expect(answer(undefined)).toMatchObject({ name: 'account_access' });
  expect(answer({ ...custom, account: testAccount(9) })).toMatchObject({ name: 'account_access' });
  expect(answer(custom)).toMatchObject({ name: 'login_link_not_express' });
});

test('opens once, and not after five minutes', () => {
  const open = (found: LoginLinkObject | undefined, now = monday + 299, secret = link.secret) =>
    visitLoginLink.decide({ link: link.id, secret }, { link: found }, testContext({ now }));
  expect(open(link)).toMatchObject({ put: [{ used: true }] });
  for (const refused of [
    open(undefined),
    open({ ...link, used: true }),
    open(link, monday + 300),
    open(link, monday, 'x'),
  ])
    expect(refused).toMatchObject({ status: 404 });
});
