import type { Currency } from '../../data/currencies.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { Minor } from '../../kernel/money.ts';
import type { ExternalAccount } from '../accounts/object.ts';

/** Free fields that are kept as they were sent, in Stripe's spelling. */
type Details = Readonly<Record<string, unknown>>;

/** Who pays again and again, and the ways to pay that are kept for it. */
export interface CustomerObject extends StoredObject {
  readonly id: Id<'cus'>;
  readonly address?: Details;
  readonly description?: string;
  readonly email?: string;
  /** What numbers its invoices: 8 capital letters and digits. */
  readonly invoice_prefix: string;
  readonly invoice_settings?: {
    readonly custom_fields?: readonly Details[];
    readonly default_payment_method?: string;
    readonly footer?: string;
    readonly rendering_options?: Details;
  };
  readonly metadata?: Readonly<Record<string, string>>;
  readonly name?: string;
  readonly phone?: string;
  readonly preferred_locales?: readonly string[];
  readonly shipping?: Details;
  readonly tax_exempt?: 'exempt' | 'none' | 'reverse';
  readonly test_clock?: string;
  readonly default_source?: string;
  /** Ids of the payment methods that are attached to it, in the order they came in. */
  readonly methods: readonly string[];
  /** Ids of the cards and bank accounts that were added by the older interface, in the order they came in. */
  readonly sources: readonly string[];
  readonly billing?: CustomerBilling;
  readonly deleted?: true;
}

/** What billing remembers of a customer; no list could tell a command. */
export interface CustomerBilling {
  /** What it owes besides its invoices, in its currency; negative: what it has to its credit. Absent: nothing. */
  readonly balance?: Minor;
  /** Of its first invoice, subscription or change of its balance. */
  readonly currency?: Currency;
  /** How many invoices got a number. */
  readonly invoices?: number;
  /** Ids of invoice items that wait for the next invoice, in the order they came in. */
  readonly pendingItems?: readonly string[];
  /** Ids of the subscriptions that have not ended. */
  readonly subscriptions?: readonly string[];
}

export const customers = kind<CustomerObject>({
  no: 40,
  object: 'customer',
  prefixes: ['cus'],
  noun: 'customer',
  refs: ['email'],
});

/** A bank account that a customer was given. Debits of it are not simulated; it can be kept, verified and shown. */
export interface CustomerBankObject extends StoredObject {
  readonly id: Id<'ba'>;
  readonly customer: string;
  readonly bank: ExternalAccount;
  readonly deleted?: true;
}

export const customerBanks = kind<CustomerBankObject>({
  no: 41,
  object: 'bank_account',
  prefixes: ['ba'],
  noun: 'source',
  refs: ['customer'],
});
