import { describe, expect, test } from 'vitest';
import { validateObject } from '../../../test/support/schema.ts';
import type { Decision } from '../../engine/command.ts';
import { monday, testContext, testPlatform } from '../../engine/testing.ts';
import { ZERO } from '../../kernel/money.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import { successfulBankOf } from '../tokens/bank.ts';
import { createAccount } from './create.ts';
import { createExternal } from './create-external.ts';
import { deleteAccount } from './delete.ts';
import { deleteExternal } from './delete-external.ts';
import { asErrored } from './external-accounts.ts';
import { newPlatformAccount } from './new-platform.ts';
import type { AccountObject } from './object.ts';
import type { CreateAccount, UpdateAccount } from './params.ts';
import { rejectAccount } from './reject.ts';
import { updateAccount } from './update.ts';
import { updateCapability } from './update-capability.ts';
import { updateExternal } from './update-external.ts';
import { accountView } from './view.ts';

const ctx = testContext();
const env = {
  livemode: false,
  book: ctx.book,
  platform: ctx.platform,
  application: ctx.application,
  account: ctx.account,
};
const platform = newPlatformAccount({
  id: testPlatform,
  created: monday,
  country: 'US',
  default_currency: 'usd',
  payout_interval: 'manual',
  external_account: successfulBankOf('US', 'usd', 'ba_platform', monday),
  reserves_enabled: true,
  application_name: 'Rides',
});
const goodBank = {
  object: 'bank_account',
  country: 'US',
  currency: 'usd',
  routing_number: '110000000',
  account_number: '000123456789',
} as const;

function happened<T>(answer: Decision<never> | Decision | Refusal | T): Decision & { result: AccountObject } {
  if (isRefusal(answer)) throw new Error(answer.error.message);
  return answer as Decision & { result: AccountObject };
}

const created = (params: CreateAccount = {}, livemode = false): AccountObject =>
  happened(createAccount.decide(params, { platform, token: undefined, told: undefined }, testContext({ livemode })))
    .result;

const typesOf = ({ emit = [] }: Decision): string[] => emit.map(({ type }) => type);

/** What is wrong with the account as it goes over the wire, and with the objects of its events. */
function violations(decision: Decision & { result: AccountObject }): string[] {
  const rendered = (decision.emit ?? []).flatMap(({ object }) => ('rendered' in object ? [object.rendered] : []));
  return [accountView.render(decision.result, env), ...rendered].flatMap((wire) => validateObject({ ...wire }));
}

describe('a new account', () => {
  test('needs nothing said', () => {
    const decision = happened(createAccount.decide({}, { platform, token: undefined, told: undefined }, ctx));
    expect(decision.result).toMatchObject({
      account: testPlatform,
      type: 'standard',
      country: 'US',
      default_currency: 'usd',
      charges_enabled: true,
      payouts_enabled: true,
      debit_negative_balances: true,
      schedule: { interval: 'daily' },
    });
    expect(accountView.render(decision.result, env)).toMatchObject({
      capabilities: { card_payments: 'active', transfers: 'active' },
    });
    expect(typesOf(decision)).toEqual([
      'account.updated',
      'capability.updated',
      'capability.updated',
      'account.application.authorized',
    ]);
    expect(violations(decision)).toEqual([]);
  });

  const everything: CreateAccount = {
    type: 'custom',
    country: 'de',
    business_type: 'individual',
    business_profile: { mcc: '5734', support_address: { city: 'Berlin' }, url: 'https://example.com' },
    individual: {
      first_name: 'Ada',
      last_name: 'Byron',
      id_number: '000000000',
      dob: { day: 1, month: 1, year: 1901 },
    },
    tos_acceptance: { date: monday, ip: '127.0.0.1' },
    capabilities: { transfers: { requested: true }, link_payments: { requested: true } },
    requested_capabilities: ['card_payments'],
    external_account: {
      object: 'bank_account',
      country: 'DE',
      currency: 'eur',
      account_number: 'DE89370400440532013000',
      metadata: { of: 'Ada' },
    },
    settings: { payouts: { statement_descriptor: 'RIDES', schedule: { interval: 'weekly', delay_days: 10 } } },
    metadata: { seller: '7' },
  };

  test('may say everything', () => {
    const decision = happened(createAccount.decide(everything, { platform, token: undefined, told: undefined }, ctx));
    expect(violations(decision)).toEqual([]);
    expect(JSON.stringify(decision.result)).not.toContain('000000000');
    expect(JSON.stringify(decision.result)).not.toContain('DE8937040044053201');
    expect(accountView.render(decision.result, env)).toMatchObject({
      capabilities: { card_payments: 'active', link_payments: 'active', transfers: 'active' },
      default_currency: 'eur',
      details_submitted: true,
      external_accounts: {
        total_count: 1,
        data: [{ default_for_currency: true, last4: '3000', metadata: { of: 'Ada' } }],
      },
      individual: { first_name: 'Ada', id_number_provided: true },
      settings: {
        payouts: {
          debit_negative_balances: false,
          schedule: { delay_days: 10, interval: 'weekly', weekly_anchor: 'monday', weekly_payout_days: ['monday'] },
          statement_descriptor: 'RIDES',
        },
      },
      type: 'custom',
    });
  });

  test('of a controller behaves as the type with the same properties', () => {
    const account = created({ controller: { losses: { payments: 'stripe' } } });
    expect(account).toEqual(created({ type: 'standard' }));
    expect(
      created({
        controller: {
          losses: { payments: 'application' },
          fees: { payer: 'application' },
          stripe_dashboard: { type: 'express' },
        },
      }).type,
    ).toBe('none');
  });

  test('R18: a custom account starts without bank debits', () => {
    expect(created({ type: 'custom' }).debit_negative_balances).toBe(false);
    expect(created({ type: 'express' }).debit_negative_balances).toBe(true);
  });

  test('in live mode waits for its requirements', () => {
    expect(created({}, true)).toMatchObject({ charges_enabled: false, details_submitted: false });
    expect(created(everything, true)).toMatchObject({ charges_enabled: true, details_submitted: true });
  });

  // Each row breaks all rules after its own, too.
  const worst: CreateAccount = {
    settings: { payouts: { schedule: { delay_days: 99 } } },
    external_account: 'btok_unknown',
  };
  const refusals: readonly (readonly [string, CreateAccount, string])[] = [
    ['type_with_controller', { ...worst, type: 'custom', controller: {}, country: 'XX' }, 'type'],
    [
      'controller_liability',
      {
        ...worst,
        country: 'XX',
        controller: { losses: { payments: 'application' }, stripe_dashboard: { type: 'none' } },
      },
      'controller[losses][payments]',
    ],
    ['country_unknown', { ...worst, country: 'Germany' }, 'country'],
    ['country_unsupported', { ...worst, country: 'XX' }, 'country'],
    ['delay_days_out_of_range', worst, 'settings[payouts][schedule][delay_days]'],
    ['unknown_parameter', { external_account: 'x', capabilities: { fly: { requested: true } } }, 'capabilities[fly]'],
    ['no_such', { external_account: 'btok_unknown' }, 'external_account'],
    ['external_account_card_unsupported', { external_account: 'tok_visa' }, 'external_account'],
    [
      'account_number_invalid',
      { external_account: { ...goodBank, account_number: '1' } },
      'external_account[account_number]',
    ],
    [
      'routing_number_invalid',
      { external_account: { ...goodBank, routing_number: '1' } },
      'external_account[routing_number]',
    ],
    ['missing_parameter', { external_account: { country: 'US', currency: 'usd' } }, 'external_account[account_number]'],
    [
      'external_account_card_unsupported',
      { country: 'GB', external_account: 'tok_visa_debit_us_transferSuccess' },
      'external_account',
    ],
  ];
  test.each(refusals)('%s', (name, params, param) => {
    const answer = createAccount.decide(params, { platform, token: undefined, told: undefined }, ctx);
    expect(answer).toMatchObject({ refused: true, name, error: { param } });
  });

  test('X71: an account makes no accounts', () => {
    const own = testContext({ account: 'acct_1' });
    expect(createAccount.decide({ country: 'XX' }, { platform, token: undefined, told: undefined }, own)).toMatchObject(
      {
        name: 'not_signed_up_for_connect',
      },
    );
  });
});

describe('a platform', () => {
  test('shows itself without a profile', () => {
    const wire = accountView.render(platform, env);
    expect(validateObject({ ...wire })).toEqual([]);
    expect(wire).toMatchObject({ controller: { type: 'account' }, settings: { dashboard: { display_name: 'Rides' } } });
    expect(wire).not.toHaveProperty('business_profile');
  });
  test('is not deleted', () => {
    const answer = deleteAccount.decide({ account: testPlatform }, { account: platform, platform, balances: [] }, ctx);
    expect(answer).toMatchObject({ name: 'invalid_value' });
  });
});

describe('a change', () => {
  const change = (account: AccountObject, params: UpdateAccount) =>
    happened(
      updateAccount.decide({ ...params, account: account.id }, { account, token: undefined, told: undefined }, ctx),
    );

  test('merges what is sent', () => {
    const account = created({
      type: 'custom',
      email: 'a@example.com',
      metadata: { a: '1', b: '2' },
      business_profile: { name: 'Rides', mcc: '5734' },
    });
    const decision = change(account, {
      email: null,
      metadata: { a: '', c: '3' },
      business_profile: { name: null, url: 'example.com' },
      settings: { payouts: { debit_negative_balances: true } },
    });
    expect(decision.result).toMatchObject({
      metadata: { b: '2', c: '3' },
      business_profile: { mcc: '5734', url: 'example.com' },
      debit_negative_balances: true,
    });
    expect(decision.result).not.toHaveProperty('email');
    expect(decision.result.business_profile).not.toHaveProperty('name');
    expect(typesOf(decision)).toEqual(['account.updated']);
    expect(violations(decision)).toEqual([]);
  });

  test('of nothing tells nothing', () => {
    expect(typesOf(change(created(), {}))).toEqual([]);
  });

  test('R104: a new external account takes the place of the default of its currency', () => {
    const account = created({ external_account: goodBank });
    const decision = change(account, { external_account: 'btok_us_verified' });
    expect(decision.result.external_accounts).toMatchObject([{ default_for_currency: true, status: 'verified' }]);
    expect(typesOf(decision)).toEqual([
      'account.external_account.created',
      'account.external_account.deleted',
      'account.updated',
    ]);
  });

  test('of the identity is for the platform only where it collects it', () => {
    const onboarded: AccountObject = { ...created({ type: 'express' }), details_submitted: true };
    const params = { account: onboarded.id, business_type: 'company' } as const;
    expect(updateAccount.decide(params, { account: onboarded, token: undefined, told: undefined }, ctx)).toMatchObject({
      status: 403,
      name: 'account_identity_not_editable',
    });
  });
});

describe('X2: no access', () => {
  const account = created();
  const foreign: AccountObject = { ...account, account: 'acct_other' };
  const table = [
    ['unknown', undefined, ctx],
    ['deleted', { ...account, deleted: true }, ctx],
    ['of another platform', foreign, ctx],
    ['beside the acting one', account, testContext({ account: 'acct_beside' })],
  ] as const;
  test.each(table)('%s', (_, found, as) => {
    const answer = updateAccount.decide(
      { account: account.id },
      { account: found, token: undefined, told: undefined },
      as,
    );
    expect(answer).toMatchObject({ status: 403, error: { code: 'account_invalid' } });
  });
  test('an account reaches itself', () => {
    const as = testContext({ account: account.id });
    expect(
      isRefusal(updateAccount.decide({ account: account.id }, { account, token: undefined, told: undefined }, as)),
    ).toBe(false);
  });
});

describe('external accounts', () => {
  const account = created({ external_account: goodBank });
  const first = account.external_accounts[0]!;
  const add = (to: AccountObject, external_account: string, default_for_currency?: boolean) =>
    happened(
      createExternal.decide(
        { account: to.id, external_account, ...(default_for_currency !== undefined && { default_for_currency }) },
        { account: to, token: undefined },
        testContext({ seq: 2000 }),
      ),
    );

  test('there is one default in each currency', () => {
    const two = add(account, 'tok_visa_debit_us_transferSuccess');
    expect(two.result.external_accounts.map((each) => each.default_for_currency)).toEqual([true, false]);
    expect(violations(two)).toEqual([]);
    const three = add(two.result, 'btok_us_verified', true);
    expect(three.result.external_accounts.map((each) => each.default_for_currency)).toEqual([false, false, true]);
    expect(typesOf(three)).toEqual(['account.external_account.created', 'account.updated']);
    const back = updateExternal.decide(
      { account: account.id, id: first.id, default_for_currency: true },
      { account: three.result },
      ctx,
    );
    expect(happened(back).result.external_accounts.map((each) => each.default_for_currency)).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('the default stays, others go', () => {
    const two = add(account, 'btok_us').result;
    const second = two.external_accounts[1]!;
    const remove = (id: string) => deleteExternal.decide({ account: two.id, id }, { account: two }, ctx);
    expect(remove(first.id)).toMatchObject({ name: 'external_account_default' });
    expect(remove('ba_unknown')).toMatchObject({ status: 404, error: { param: 'id' } });
    const gone = happened(remove(second.id));
    expect(gone.result.external_accounts).toHaveLength(1);
    expect(gone.result.changedPart).toEqual({ deleted: { id: second.id, object: 'bank_account', currency: 'usd' } });
  });

  test('R104: an update ends the pause', () => {
    const paused: AccountObject = { ...account, external_accounts: [asErrored({ ...first, status: 'verified' })] };
    const answer = updateExternal.decide({ account: account.id, id: first.id }, { account: paused }, ctx);
    const [updated] = happened(answer).result.external_accounts;
    expect(updated?.status).toBe('verified');
    expect(updated).not.toHaveProperty('statusBefore');
  });
});

describe('capabilities', () => {
  const account = created({ type: 'express' });
  const set = (capability: string, requested: boolean) =>
    updateCapability.decide({ account: account.id, capability, requested }, { account }, ctx);
  test('are active when asked for', () => {
    const decision = happened(set('transfers', true));
    expect(decision.result.capabilities.transfers).toEqual({ requested: true, requested_at: monday, status: 'active' });
    expect(typesOf(decision)).toEqual(['capability.updated', 'account.updated']);
    expect(violations(decision)).toEqual([]);
  });
  test('nothing new tells nothing', () => {
    expect(typesOf(happened(set('transfers', false)))).toEqual(['capability.updated', 'account.updated']);
    const again = updateCapability.decide({ account: account.id, capability: 'transfers' }, { account }, ctx);
    expect(typesOf(happened(again))).toEqual([]);
  });
  test('have names', () => {
    expect(set('fly', true)).toMatchObject({ status: 404 });
  });
});

describe('R158: rejecting', () => {
  const account = created({ type: 'express', capabilities: { transfers: { requested: true } } });
  const money = { available: ZERO, reserved: ZERO, maturing: [{ day: 1, amount: ZERO }] };
  const reject = (of: AccountObject, balances: readonly (typeof money)[] = []) =>
    rejectAccount.decide({ account: of.id, reason: 'fraud' }, { account: of, balances }, ctx);
  test('switches everything off', () => {
    const decision = happened(reject(account));
    expect(accountView.render(decision.result, env)).toMatchObject({
      capabilities: { transfers: 'inactive' },
      charges_enabled: false,
      payouts_enabled: false,
      requirements: { disabled_reason: 'rejected.fraud' },
    });
    expect(violations(decision)).toEqual([]);
    const later = updateAccount.decide(
      { account: account.id },
      { account: decision.result, token: undefined, told: undefined },
      ctx,
    );
    expect(happened(later).result.charges_enabled).toBe(false);
  });
  test('R158, X72: is for accounts the platform is liable for, and without money', () => {
    expect(reject(created(), [money])).toMatchObject({ name: 'reject_not_liable' });
    expect(reject(account, [money])).toMatchObject({ name: 'reject_with_balance' });
  });
});

test('deleting leaves a stub', () => {
  const account = created();
  const decision = happened(deleteAccount.decide({ account: account.id }, { account, platform, balances: [] }, ctx));
  expect(accountView.render(decision.result, env)).toEqual({ id: account.id, object: 'account', deleted: true });
  expect(typesOf(decision)).toEqual(['account.application.deauthorized']);
  expect(violations(decision)).toEqual([]);
});
