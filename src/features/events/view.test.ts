import { describe, expect, test } from 'vitest';
import { validateObject } from '../../../test/support/schema.ts';
import type { ViewEnv } from '../../api/view.ts';
import { type EventType, eventTypeNo } from '../../data/event-types.ts';
import { monday, testAccount, testBook, testContext, testPlatform } from '../../engine/testing.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import type { RecordedEvent } from '../../store/reader.ts';
import { shownTypes, typesMeant } from './rules.ts';
import { eventView } from './view.ts';

interface Thing extends StoredObject {
  readonly status: string;
}
const ctx = testContext();
const thing = (status: string): Thing => ({ id: 'po_1', account: testPlatform, created: monday, status });
const render = (object: StoredObject) => ({ id: object.id, object: 'payout', status: (object as Thing).status });

const env: ViewEnv = {
  livemode: false,
  book: testBook,
  platform: testPlatform,
  application: ctx.application,
  account: testPlatform,
};
const recorded = (type: EventType, more: Partial<RecordedEvent> = {}): RecordedEvent => ({
  id: ctx.id('evt'),
  type: eventTypeNo(type),
  account: testPlatform,
  created: monday,
  request: { id: 'req_1', idempotency_key: 'key' },
  object: thing('paid'),
  before: thing('pending'),
  ...more,
});

describe('events', () => {
  test('of the platform itself', () => {
    const wire = eventView(recorded('payout.updated'), env, render);
    expect(wire).not.toHaveProperty('account');
    expect(wire.data).toEqual({ object: render(thing('paid')), previous_attributes: { status: 'pending' } });
    expect(wire.request).toEqual({ id: 'req_1', idempotency_key: 'key' });
  });

  test('of a connected account they say whose', () => {
    const account = testAccount(1);
    expect(eventView(recorded('payout.paid', { account }), env, render)).toMatchObject({
      account,
      type: 'payout.paid',
    });
  });

  const withPast: readonly (readonly [EventType, boolean])[] = [
    ['charge.updated', true],
    ['charge.refunded', true],
    ['charge.captured', true],
    ['charge.refund.updated', true],
    ['account.updated', true],
    ['transfer.reversed', true],
    ['payout.failed', true],
    ['charge.succeeded', false],
    ['charge.dispute.closed', false],
    ['payment_intent.succeeded', false],
  ];
  test.each(withPast)('%s tells what was before: %s', (type, tells) => {
    const { data } = eventView(recorded(type), env, render);
    expect(Object.hasOwn(data as object, 'previous_attributes')).toBe(tells);
  });

  test.each(['payment_intent', 'setup_intent'] as const)('%s.created tells of it before it was tried', (noun) => {
    const tried = recorded(`${noun}.created`, { object: thing('succeeded'), before: null });
    expect(eventView(tried, env, render).data).toMatchObject({ object: { status: 'requires_payment_method' } });
    const untried = recorded(`${noun}.created`, { object: thing('requires_confirmation'), before: null });
    expect(eventView(untried, env, render).data).toMatchObject({ object: { status: 'requires_confirmation' } });
    const later = recorded(`${noun}.succeeded`, { object: thing('succeeded'), before: null });
    expect(eventView(later, env, render).data).toMatchObject({ object: { status: 'succeeded' } });
  });

  test('a new object has no past', () => {
    const { data } = eventView(recorded('charge.updated', { before: null }), env, render);
    expect(data).toEqual({ object: render(thing('paid')) });
  });

  test('what is not stored is shown as it was written down', () => {
    const rendered = { object: 'balance', available: [], livemode: false, pending: [] };
    const wire = eventView(recorded('balance.available', { object: { rendered }, before: null }), env, render);
    expect(validateObject(wire)).toEqual([]);
    expect(wire.data).toEqual({ object: rendered });
  });
});

describe('the type filter', () => {
  test('a name, a group, all, nothing', () => {
    expect(typesMeant('charge.captured')).toEqual([eventTypeNo('charge.captured')]);
    expect(typesMeant('test_helpers.*')).toHaveLength(5);
    expect(typesMeant('*').length).toBeGreaterThan(70);
    expect(typesMeant('charge.exploded')).toEqual([]);
    expect(typesMeant('evenkeel.*')).toEqual([]);
    expect(shownTypes).not.toContain(eventTypeNo('evenkeel.holding_limit.reached'));
  });
});
