import { describe, expect, test } from 'vitest';
import { secretsOf } from '../features/platforms/secrets.ts';
import { featuresWith } from '../registry.ts';
import { Permissions } from './permissions.ts';
import type { Sight } from './sight.ts';

const permissions = new Permissions(featuresWith(secretsOf({ adminKey: null, deterministicSeed: 1 })));
const acting = 'acct_own';
const sightOf = (...resources: readonly string[]): Sight =>
  permissions.sightOf(
    { permissions: Object.fromEntries(resources.map((resource) => [resource, 'read'])), accounts: [] },
    acting,
    { key: 'rk_test_****', account: acting },
  );
const lacking = (sight: Sight, wire: Parameters<Sight['refuseToShow']>[0]) =>
  /rak_\w+/.exec(sight.refuseToShow(wire)?.error.message ?? '')?.[0] ?? null;

test.each([
  [{ id: acting }, 'rak_account_read'],
  [{ id: 'acct_other' }, 'rak_connected_account_read'],
  [{ id: 'person_1', object: 'person', account: acting }, 'rak_account_read'],
  [{ id: 'person_1', object: 'person', account: 'acct_other' }, 'rak_connected_account_read'],
  [{ id: 'card_payments', object: 'capability', account: acting }, 'rak_account_read'],
  [{ id: 'ba_1', object: 'bank_account', account: acting }, 'rak_account_read'],
  [{ id: 'card_1', object: 'card', account: 'acct_other' }, 'rak_connected_account_read'],
  [{ id: 'ba_1', object: 'bank_account', customer: 'cus_1' }, 'rak_payment_method_read'],
  [{ id: 'card_1', object: 'card', customer: null }, 'rak_payment_method_read'],
  [{ id: 'ba_1' }, 'rak_payment_method_read'],
  [{ id: 'txn_1' }, 'rak_balance_transaction_source_read'],
])('%j takes %s', (wire, permission) => {
  expect(lacking(sightOf(), wire)).toBe(permission);
  expect(lacking(sightOf(permission.slice('rak_'.length, -'_read'.length)), wire)).toBeNull();
});

describe('an expanded answer that was kept', () => {
  const invoice = (fields: object) => ({ id: 'in_1', object: 'invoice', ...fields });
  const customer = { id: 'cus_1', object: 'customer' };
  const list = (...data: readonly object[]) => ({ object: 'list', data });

  test.each([
    ['what may be read', invoice({ customer }), 'customer', true],
    ['what stayed an id', invoice({ customer: 'cus_1' }), 'customer', true],
    ['nothing', invoice({ customer: null }), 'customer', true],
    ['what may not be read', invoice({ charge: { id: 'ch_1', object: 'charge' } }), 'charge', false],
    [
      '… behind what may',
      invoice({ customer: { ...customer, test_clock: { id: 'clock_1' } } }),
      'customer.test_clock',
      false,
    ],
    ['… on the way to what may', invoice({ charge: { id: 'ch_1', customer } }), 'charge.customer', false],
    ['… in a list', invoice({ refunds: list(customer, { id: 're_1' }) }), 'refunds', false],
    ['… and its items', invoice({ refunds: list({ id: 're_1', customer }) }), 'refunds.data.customer', false],
    ['a list of what may', invoice({ customers: list(customer) }), 'customers', true],
    ['a list of nothing', invoice({ refunds: list() }), 'refunds', false],
    [
      'a part that is no object',
      invoice({ confirmation_secret: { client_secret: 's' } }),
      'confirmation_secret',
      false,
    ],
    ['… within', invoice({ confirmation_secret: { client_secret: 's' } }), 'confirmation_secret.client_secret', false],
    ['… and beside', invoice({ confirmation_secret: { client_secret: 's' } }), 'confirmation_secret.x', false],
    ['an object in a part', invoice({ settings: { customer } }), 'settings.customer', true],
  ])('with %s', (_, answer, path, may) => {
    const segments = path.split('.');
    expect(sightOf('customer').mayHave(answer, [segments])).toBe(may);
    expect(sightOf('customer').mayHave(answer, [['x'], segments])).toBe(may);
    expect(permissions.sightOf(null, acting, { key: '', account: acting }).mayHave(answer, [segments])).toBe(true);
  });
});

test('an error is cut to what may be read, wherever it stands', () => {
  const method = { id: 'pm_1', object: 'payment_method', card: { last4: '0002' } };
  const intent = {
    id: 'pi_1',
    object: 'payment_intent',
    client_secret: 's',
    last_payment_error: { payment_method: method },
  };
  const answer = {
    data: [{ payment_method: method, last_setup_error: { code: 'x', payment_method: method, other: { secret: 's' } } }],
    error: { code: 'card_declined', payment_intent: intent, source: method },
  };
  const stub = { id: 'pm_1', object: 'payment_method' };
  expect(sightOf('payment_intent').cut(answer)).toEqual({
    data: [{ payment_method: method, last_setup_error: { code: 'x', payment_method: stub, other: {} } }],
    error: {
      code: 'card_declined',
      payment_intent: { ...intent, last_payment_error: { payment_method: stub } },
      source: stub,
    },
  });
  expect(sightOf('payment_method').cut(answer).error).toEqual({
    code: 'card_declined',
    payment_intent: { id: 'pi_1', object: 'payment_intent' },
    source: method,
  });
});
