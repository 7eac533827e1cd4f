import { type Metadata, mergeMetadata } from '../../api/params.ts';
import type { Currency } from '../../data/currencies.ts';
import { command } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { type Minor, ZERO } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { settlementCurrency } from '../../ledger/conversion.ts';
import { debit } from '../account-debits/debit.ts';
import { debitForms, refuseDebit } from '../account-debits/rules.ts';
import { accounts } from '../accounts/object.ts';
import type { ChargeObject } from './object.ts';

/** The parameters of POST /v1/charges with a `source` that is an account. What no debit can have is here to be refused. */
export interface DebitByCharge {
  readonly amount: Minor;
  readonly currency: Currency;
  readonly source: string;
  readonly description?: string;
  readonly metadata?: Metadata | null;
  readonly receipt_email?: string;
  readonly shipping?: Readonly<Record<string, unknown>>;
  readonly statement_descriptor?: string;
  readonly statement_descriptor_suffix?: string;
  readonly transfer_group?: string;
  readonly transfer_data?: unknown;
  readonly application_fee_amount?: unknown;
  readonly on_behalf_of?: unknown;
  readonly capture?: boolean;
  readonly customer?: unknown;
}

/** X64: the money comes from one balance and goes to one other, at once, and nobody else is part of it. */
function refuseCombination(params: DebitByCharge): Refusal | undefined {
  for (const name of ['transfer_data', 'application_fee_amount', 'on_behalf_of'] as const)
    if (params[name] !== undefined) return refuse('debit_combination', { name });
  if (params.capture === false) return refuse('debit_combination', { name: 'capture=false', param: 'capture' });
  return params.customer === undefined ? undefined : refuse('debit_combination', { name: 'customer' });
}

/** The fields of the payment that the caller may fill in. */
const labelled = [
  'description',
  'receipt_email',
  'shipping',
  'statement_descriptor',
  'statement_descriptor_suffix',
  'transfer_group',
] as const satisfies readonly (keyof DebitByCharge & keyof ChargeObject)[];

const labelsOf = (params: DebitByCharge): Pick<DebitByCharge, (typeof labelled)[number]> =>
  Object.fromEntries(labelled.filter((name) => params[name] !== undefined).map((name) => [name, params[name]]));

/**
 * An account debit by charge: POST /v1/charges on the platform with a connected account as `source`. Answers the payment
 * on the platform.
 *
 * @rule M32, R74, R85
 */
export const debitByCharge = command({
  name: 'charges.debit',
  load(read, params: DebitByCharge, ctx) {
    const platform = read.find(accounts, ctx.platform);
    const arrives = platform ? settlementCurrency(platform, params.currency) : params.currency;
    const seller = read.find(accounts, params.source);
    return {
      platform,
      seller,
      available: seller ? read.balance(seller.id, params.currency).available : ZERO,
      // Asked for because the money arrives there.
      platformBalance: read.balance(ctx.platform, arrives),
    };
  },

  decide(params, { platform, seller, available }, ctx) {
    assert(platform !== undefined, 'a book has a platform');
    const combination = refuseCombination(params);
    if (combination) return combination;
    // Only the platform itself can debit, and only an account of its own, which it is not itself.
    if (!seller || seller.deleted || seller.id === ctx.platform || ctx.onBehalf)
      return refuse('no_such_source', { id: params.source });
    const { amount, currency } = params;
    const refusal = refuseDebit({ form: debitForms.charge, platform, seller, amount, currency, available });
    if (refusal) return refusal;

    const { metadata } = params;
    const { payment, effects } = debit(
      {
        seller: seller.id,
        platform,
        amount,
        currency,
        by: 'charge',
        transfer: params.description === undefined ? {} : { description: params.description },
        payment: {
          ...labelsOf(params),
          ...(metadata !== undefined && { metadata: mergeMetadata(undefined, metadata) }),
        },
      },
      ctx,
    );
    return { result: payment, ...effects };
  },
});
