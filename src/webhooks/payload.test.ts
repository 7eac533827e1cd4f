import { expect, test } from 'vitest';
import { payloadOf } from './payload.ts';

const wire = {
  id: 'evt_1',
  object: 'event',
  account: 'acct_1',
  api_version: '2026-10-28.endive',
  data: { object: { account: 'inside', pending_webhooks: 9 } },
  pending_webhooks: 0,
  type: 'charge.succeeded',
};
const keys = (body: string) => Object.keys(JSON.parse(body));

test('a Connect endpoint is told whose event it is', () => {
  const body = payloadOf(wire, { connect: true }, 3);
  expect(keys(body)).toEqual(Object.keys(wire));
  expect(JSON.parse(body)).toEqual({ ...wire, pending_webhooks: 3 });
});

test('an own endpoint knows', () => {
  const body = payloadOf(wire, {}, 1);
  expect(keys(body)).toEqual(Object.keys(wire).filter((key) => key !== 'account'));
  expect(JSON.parse(body).data).toEqual(wire.data);
});

test('the version is the one that was asked for', () => {
  expect(JSON.parse(payloadOf(wire, { api_version: '2024-06-20' }, 1)).api_version).toBe('2024-06-20');
});
