import { expect, test } from 'vitest';
import type { EventType } from '../data/event-types.ts';
import { testAccount, testPlatform } from '../engine/testing.ts';
import type { Endpoint } from './endpoint.ts';
import { selects } from './selection.ts';

type Choice = Pick<Endpoint, 'account' | 'connect' | 'enabled_events'>;

const seller = testAccount(1);
const other = testAccount(2);
const platform = (...enabled_events: string[]): Choice => ({ account: testPlatform, enabled_events });
const connect = (...enabled_events: string[]): Choice => ({ account: testPlatform, connect: true, enabled_events });
const sellers = (...enabled_events: string[]): Choice => ({ account: seller, enabled_events });

const table: readonly (readonly [string, Choice, EventType, string, boolean])[] = [
  ['the platform hears of itself', platform('*'), 'charge.succeeded', testPlatform, true],
  ['not of its accounts', platform('*'), 'charge.succeeded', seller, false],
  ['Connect hears of accounts', connect('*'), 'charge.succeeded', seller, true],
  ['not of the platform', connect('*'), 'charge.succeeded', testPlatform, false],
  ['an account hears of itself', sellers('*'), 'charge.succeeded', seller, true],
  ['not of another', sellers('*'), 'charge.succeeded', other, false],
  ['not of the platform', sellers('*'), 'charge.succeeded', testPlatform, false],
  ['by name', platform('payout.paid', 'charge.failed'), 'charge.failed', testPlatform, true],
  ['only by name', platform('payout.paid', 'charge.failed'), 'charge.succeeded', testPlatform, false],
  ['by name, of others', connect('payout.paid'), 'payout.paid', seller, true],
  ['a name of another owner', platform('payout.paid'), 'payout.paid', seller, false],
  ['what is in no list, with all', connect('*'), 'payment.created', seller, true],
  ['what is in no list, by name', sellers('payment.created'), 'payment.created', seller, true],
  ['named only, with all', platform('*'), 'reporting.report_type.updated', testPlatform, false],
  [
    'named only, by name',
    platform('reporting.report_type.updated'),
    'reporting.report_type.updated',
    testPlatform,
    true,
  ],
  ['named only, with all', connect('*'), 'account.application.authorized', seller, false],
  ['named only, by name', connect('account.application.authorized'), 'account.application.authorized', seller, true],
  ['for mail alone, with all', platform('*'), 'evenkeel.holding_limit.reached', testPlatform, false],
  [
    'for mail alone, by name',
    connect('evenkeel.holding_limit.reached'),
    'evenkeel.holding_limit.reached',
    seller,
    false,
  ],
  ['the farewell goes to Connect', connect('*'), 'account.application.deauthorized', seller, true],
  ['and not to whoever left', sellers('*'), 'account.application.deauthorized', seller, false],
  ['not even by name', sellers('account.application.deauthorized'), 'account.application.deauthorized', seller, false],
];

test.each(table)('%s (%#)', (_, endpoint, type, account, expected) => {
  expect(selects(endpoint, { type, account })).toBe(expected);
});
