import { describe, expect, test } from 'vitest';
import { validateObject } from '../../../test/support/schema.ts';
import type { Decision } from '../../engine/command.ts';
import { monday, testContext, testPlatform } from '../../engine/testing.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import { aliasCard } from '../payment-methods/find.ts';
import type { PaymentMethodObject } from '../payment-methods/object.ts';
import { bankFromAlias } from '../tokens/bank.ts';
import type { TokenObject } from '../tokens/object.ts';
import { createCustomer } from './create.ts';
import { createSource } from './create-source.ts';
import { deleteCustomer } from './delete.ts';
import { deleteSource } from './delete-source.ts';
import type { FoundSource } from './find-source.ts';
import { without } from './keep.ts';
import type { CustomerBankObject, CustomerObject } from './object.ts';
import type { CreateCustomer } from './params.ts';
import type { SourceObject } from './source.ts';
import { updateCustomer } from './update.ts';
import { updateSource } from './update-source.ts';
import { verifySource } from './verify-source.ts';
import { customerBankView, customerView, sourceView } from './view.ts';

const env = { livemode: false, book: 7, platform: testPlatform, application: 'ca_1', account: testPlatform };
const nothing = { token: undefined, found: {}, clock: undefined };

function done<T extends Decision>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.error.message}`);
  return answer;
}
const eventsOf = (decision: Decision) => decision.emit?.map(({ type }) => type);

const card = aliasCard('tok_visa');
if (!card) throw new Error('tok_visa is a card');
const method = (more: Partial<PaymentMethodObject> = {}): PaymentMethodObject => ({
  id: 'pm_1',
  account: testPlatform,
  created: monday,
  type: 'card',
  card,
  ...more,
});

const create = (params: CreateCustomer, state: Partial<typeof nothing & { found: object }> = {}) =>
  createCustomer.decide(params, { ...nothing, ...state }, testContext());
const made = (params: CreateCustomer = {}): CustomerObject => done(create(params)).result;
const customer: CustomerObject = { ...made(), id: 'cus_1', methods: ['pm_1'], sources: ['card_1', 'ba_1'] };
const bank = bankFromAlias('btok_us', () => ({ id: 'ba_1', created: monday }));
if (!bank) throw new Error('btok_us is a bank account');
const bankSource: CustomerBankObject = {
  id: 'ba_1',
  account: testPlatform,
  created: monday,
  customer: 'cus_1',
  bank,
};
const cardSource = method({ id: 'card_1', customer: 'cus_1' });

describe('creating', () => {
  test('with a method that is kept at once', () => {
    const decision = done(create({ payment_method: 'pm_card_visa' }, { found: { alias: card } }));
    const [kept, pm] = decision.put as [CustomerObject, PaymentMethodObject];
    expect(pm.customer).toBe(kept.id);
    expect(kept.methods).toEqual([pm.id]);
    expect(eventsOf(decision)).toEqual(['customer.created', 'payment_method.attached']);
  });

  const token: TokenObject = {
    id: 'tok_1',
    account: testPlatform,
    created: monday,
    type: 'card',
    used: true,
    card: { ...card, id: 'card_9' },
  };
  const refused: readonly [string, CreateCustomer, object?][] = [
    ['no_such', { test_clock: 'clock_x', payment_method: 'pm_x' }],
    ['no_such_payment_method', { payment_method: 'pm_x', source: 'tok_x' }],
    [
      'payment_method_already_attached',
      { payment_method: 'pm_1' },
      { found: { stored: method({ customer: 'cus_2' }) } },
    ],
    ['payment_method_used_up', { payment_method: 'pm_1' }, { found: { stored: method({ spent: true }) } }],
    ['payment_method_of_other_customer', { invoice_settings: { default_payment_method: 'pm_1' }, source: 'tok_x' }],
    ['no_such', { source: 'tok_x' }],
    ['token_already_used', { source: 'tok_1' }, { token }],
    ['missing_parameter', { source: { object: 'card', exp_month: 12, exp_year: 2030 } }],
    ['missing_parameter', { source: { account_number: '000123456789', country: 'US' } }],
    ['card_incorrect_number', { source: { number: '4242424242424241', exp_month: 12, exp_year: 2030 } }],
    ['card_declined', { source: 'tok_chargeDeclined' }],
  ];
  test.each(refused)('%s', (name, params, state = {}) => {
    expect(create(params, state)).toMatchObject({ refused: true, name });
  });
});

describe('updating', () => {
  const update = (params: object, state: CustomerObject | undefined = customer) =>
    updateCustomer.decide({ customer: 'cus_1', ...params }, { customer: state, token: undefined }, testContext());

  test('merges settings and metadata, and takes away what is empty', () => {
    const before = { ...customer, email: 'a@example.com', metadata: { a: '1' }, invoice_settings: { footer: 'Bye' } };
    const { result } = done(
      update({ email: null, metadata: { b: '2' }, invoice_settings: { default_payment_method: 'pm_1' } }, before),
    );
    expect(result).toMatchObject({
      metadata: { a: '1', b: '2' },
      invoice_settings: { footer: 'Bye', default_payment_method: 'pm_1' },
    });
    expect(result).not.toHaveProperty('email');
    expect(done(update({ invoice_settings: { footer: null } }, before)).result).not.toHaveProperty('invoice_settings');
    expect(done(update({ default_source: 'ba_1' })).result.default_source).toBe('ba_1');
  });

  test('a new source is the default', () => {
    const decision = done(update({ source: 'tok_visa' }));
    expect(decision.result.default_source).toBe(decision.put?.[1]?.id);
    expect(eventsOf(decision)).toEqual(['customer.source.created', 'customer.updated']);
  });

  const full = { ...customer, methods: Array.from({ length: 499 }, (_, n) => `pm_${n}`), sources: ['card_1'] };
  const refused: readonly [string, object, CustomerObject?][] = [
    ['payment_method_of_other_customer', { invoice_settings: { default_payment_method: 'pm_9' }, default_source: 'x' }],
    ['no_such', { default_source: 'card_9', source: 'tok_x' }],
    ['invalid_value', { source: 'tok_x' }, full],
    ['no_such', { source: 'tok_x' }],
  ];
  test.each(refused)('%s', (name, params, state) => {
    expect(update(params, state)).toMatchObject({ refused: true, name });
  });
  test('a customer that is not there', () => {
    const answer = updateCustomer.decide(
      { customer: 'cus_x' },
      { customer: undefined, token: undefined },
      testContext(),
    );
    expect(answer).toMatchObject({ status: 404, error: { param: 'id' } });
  });
});

test('deleting lets go of everything it kept, and tells who it was', () => {
  const named = { ...customer, name: 'Jenny' };
  const decision = done(
    deleteCustomer.decide(
      { customer: 'cus_1' },
      { customer: named, subscribed: [], methods: [method({ customer: 'cus_1' })] },
      testContext(),
    ),
  );
  expect(decision.put?.[1]).toMatchObject({ id: 'pm_1', spent: true });
  expect(decision.put?.[1]).not.toHaveProperty('customer');
  expect(customerView.render(decision.result, env)).toEqual({ id: 'cus_1', object: 'customer', deleted: true });
  expect(decision.emit).toMatchObject([{ object: { rendered: { id: 'cus_1', name: 'Jenny' } } }]);
});

describe('what is gone is no default any more', () => {
  const both = {
    ...customer,
    default_source: 'card_1',
    invoice_settings: { default_payment_method: 'pm_1', footer: 'Bye' },
  };
  test('the next source takes its place', () => {
    expect(without(both, 'card_1')).toMatchObject({ default_source: 'ba_1', sources: ['ba_1'] });
    expect(without({ ...both, sources: ['card_1'] }, 'card_1')).not.toHaveProperty('default_source');
  });
  test('and no method does', () => {
    expect(without(both, 'pm_1')).toMatchObject({ methods: [], invoice_settings: { footer: 'Bye' } });
    expect(without(both, 'pm_1').invoice_settings).not.toHaveProperty('default_payment_method');
  });
});

describe('sources', () => {
  const place = { customer: 'cus_1', id: 'ba_1' };
  const found = (source: SourceObject | undefined): FoundSource => ({ customer, source });

  test('the first is the default', () => {
    const empty = { ...customer, sources: [] };
    const params = { customer: 'cus_1', source: 'btok_us', metadata: { a: '1' } };
    const decision = done(createSource.decide(params, { customer: empty, token: undefined }, testContext()));
    expect(decision.put?.[1]).toMatchObject({ default_source: decision.result.id });
    expect(decision.result).toMatchObject({ bank: { metadata: { a: '1' } } });
    const withDefault = { ...customer, default_source: 'card_1' };
    const second = done(
      createSource.decide(
        { ...params, source: 'tok_visa' },
        { customer: withDefault, token: undefined },
        testContext(),
      ),
    );
    expect(second.put?.[1]).toMatchObject({ default_source: 'card_1' });
  });

  test('labels change', () => {
    const bankAfter = done(
      updateSource.decide(
        { ...place, account_holder_name: 'Jenny', metadata: { a: '1' } },
        found(bankSource),
        testContext(),
      ),
    );
    expect(bankAfter.result).toMatchObject({ bank: { account_holder_name: 'Jenny', metadata: { a: '1' } } });
    const params = { ...place, id: 'card_1', name: 'Jenny', address_zip: '10115', exp_month: 3 };
    const cardAfter = done(updateSource.decide(params, found(cardSource), testContext())).result as PaymentMethodObject;
    expect(cardAfter.card).toMatchObject({ name: 'Jenny', address: { postal_code: '10115' }, exp_month: 3 });
    const bare = done(
      updateSource.decide({ ...place, name: null, address_zip: null }, found(cardAfter), testContext()),
    );
    expect((bare.result as PaymentMethodObject).card).not.toHaveProperty('name');
    expect((bare.result as PaymentMethodObject).card).not.toHaveProperty('address');
  });

  const amounts: readonly [readonly number[] | undefined, string | null][] = [
    [[32, 45], null],
    [[45, 32], null],
    [[32], 'microdeposits_wrong'],
    [[32, 46], 'microdeposits_wrong'],
    [undefined, 'microdeposits_wrong'],
  ];
  test.each(amounts)('verified by %o', (sent, name) => {
    const params = { ...place, ...(sent && { amounts: [...sent] }) };
    const answer = verifySource.decide(params, found(bankSource), testContext());
    if (name !== null) expect(answer).toMatchObject({ name });
    else expect(done(answer).result).toMatchObject({ bank: { status: 'verified' } });
  });
  test('verified once, and only a bank account', () => {
    const verified = { ...bankSource, bank: { ...bank, status: 'verified' as const } };
    expect(verifySource.decide({ ...place, amounts: [32, 45] }, found(verified), testContext())).toMatchObject({
      name: 'bank_account_verified',
    });
    expect(verifySource.decide(place, found(cardSource), testContext())).toMatchObject({ status: 404 });
  });

  test('that are not there', () => {
    for (const verb of [updateSource, deleteSource, verifySource]) {
      expect(verb.decide(place, found(undefined), testContext())).toMatchObject({
        status: 404,
        error: { message: "No such source: 'ba_1'" },
      });
      expect(verb.decide(place, { customer: undefined, source: undefined }, testContext())).toMatchObject({
        error: { message: "No such customer: 'cus_1'" },
      });
    }
  });
});

describe('on the wire', () => {
  const isSorted = (wire: object): boolean => {
    const keys = Object.keys(wire).filter((key) => key !== 'id' && key !== 'object');
    const inside = Object.values(wire).filter((value) => typeof value === 'object' && value !== null);
    return keys.join() === [...keys].sort().join() && inside.every((value) => isSorted(value));
  };
  const forms: readonly [string, Record<string, unknown>][] = [
    ['a bare customer', customerView.render(made(), env)],
    [
      'a customer that much is known of',
      customerView.render(
        made({
          address: { line1: 'x' },
          shipping: { name: 'B', address: { line1: 'x' } },
          invoice_settings: { footer: 'Bye', custom_fields: [{ name: 'PO', value: '7' }] },
          preferred_locales: ['de'],
          tax_exempt: 'exempt',
        }),
        env,
      ),
    ],
    ['a deleted customer', customerView.render({ ...customer, deleted: true }, env)],
    ['a card', sourceView.render(cardSource, env)],
    ['a deleted card', sourceView.render(method({ id: 'card_1', spent: true }), env)],
    ['a bank account', customerBankView.render(bankSource, env)],
    ['a deleted bank account', customerBankView.render({ ...bankSource, deleted: true }, env)],
  ];
  test.each(forms)('%s', (_, wire) => {
    expect(validateObject(wire)).toEqual([]);
    expect(isSorted(wire)).toBe(true);
  });
});
