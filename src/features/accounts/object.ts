import type { Capability } from '../../data/capabilities.ts';
import type { AccountType, ControllerProperties } from '../../data/controllers.ts';
import type { Country } from '../../data/countries.ts';
import type { Currency } from '../../data/currencies.ts';
import type { FxTable } from '../../data/fx-rates.ts';
import type { PaymentCapability } from '../../data/payment-capabilities.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { Minor } from '../../kernel/money.ts';
import type { Day, UnixSeconds } from '../../kernel/time.ts';

/** Free fields that are kept as they were sent (names, addresses, profile), in Stripe's spelling. */
export type Details = Readonly<Record<string, unknown>>;

export type BankStatus = 'new' | 'validated' | 'verified' | 'verification_failed' | 'errored';

/**
 * A bank account or debit card that payouts go to. It lives inside its account, so that the account's view and events
 * need nothing else. Of the number only the last four and a fingerprint are kept, and what the simulated bank will do.
 */
export interface ExternalAccount {
  readonly id: Id<'ba'> | Id<'card'>;
  readonly object: 'bank_account' | 'card';
  readonly created: UnixSeconds;
  readonly country: string;
  readonly currency: Currency;
  readonly default_for_currency: boolean;
  readonly last4: string;
  readonly fingerprint: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Of a bank account. */
  readonly routing_number?: string;
  readonly account_holder_name?: string;
  readonly account_holder_type?: string;
  readonly account_type?: string;
  readonly status?: BankStatus;
  /** Of an errored one: what it was before, and is again when somebody updates it (R104). */
  readonly statusBefore?: BankStatus;
  /** Of a card. */
  readonly brand?: string;
  readonly funding?: string;
  readonly exp_month?: number;
  readonly exp_year?: number;
  readonly name?: string;
  readonly cvc_check?: 'pass' | 'fail' | 'unchecked';
  /** As billing details spell it: city, country, line1, line2, postal_code, state. */
  readonly address?: Readonly<Record<string, string>>;
  /** What the simulated bank answers to a payout or a debit: 'paid' or a failure code. */
  readonly outcome: string;
  /** Bank debits of a negative balance that failed in a row (R102). */
  readonly failedDebits?: number;
  /** Whether instant payouts may be sent to it at all (X25). */
  readonly instant: boolean;
  /** The bank refuses instant payouts, although they may be sent. */
  readonly instantFails?: true;
}

/** How an account stands in one currency, while there is something to say. */
export interface Standing {
  /** Since when its effective balance (available less uncleared bank debits) has been below zero without interruption (R152). */
  readonly negativeSince?: UnixSeconds;
  /** Bank debits that were credited when they were posted and may still come back (R120). */
  readonly uncleared?: readonly UnclearedDebit[];
  /** The part of the negative that account debits caused; only where Stripe bears losses (R135). */
  readonly debitCaused?: Minor;
}

export interface UnclearedDebit {
  readonly payout: Id<'po'>;
  readonly amount: Minor;
  /** It is cleared when the bank has paid, and not before this. */
  readonly heldUntil: UnixSeconds;
  readonly paid: boolean;
}

export interface CapabilityState {
  readonly requested: boolean;
  readonly requested_at?: UnixSeconds;
  readonly status: 'active' | 'inactive' | 'pending' | 'unrequested';
}

export interface PayoutSchedule {
  readonly interval: 'manual' | 'daily' | 'weekly' | 'monthly';
  readonly weekly_anchor?: string;
  readonly monthly_anchor?: number;
  readonly weekly_payout_days?: readonly string[];
  readonly monthly_payout_days?: readonly number[];
  /** Set for this account; absent: the country's. */
  readonly delay_days?: number;
}

/** An external account by its id, one that is no longer there, or a capability by its name. */
export type ChangedPart =
  | { readonly external: string }
  | { readonly deleted: Pick<ExternalAccount, 'id' | 'object' | 'currency'> }
  | { readonly capability: string };

/** Money of which days was told of, up to and including these (R192). */
export interface HoldingTold {
  /** That it will have waited for as long as it may. */
  readonly approaching?: Day;
  /** That it has, and stays nevertheless. */
  readonly reached?: Day;
}

/** What only a platform's own account has. */
export interface PlatformSettings {
  /** The name of its application, as it stands in descriptions of fees; never changed, so rows can be rendered by it. */
  readonly application_name: string;
  /** R82 */
  readonly reserves_enabled: boolean;
  /** Own conversion rates, instead of the default table. */
  readonly fx_rates?: FxTable;
  /** Whether owners of accounts are told by e-mail; absent until somebody sets it. */
  readonly notifications?: Id<'ntf'>;
  /** What becomes of a subscription whose invoice was not paid after all retries; absent: it is canceled. */
  readonly subscription_retries_end?: 'cancel' | 'unpaid' | 'past_due';
  /** What happens to money that waited for a payout by hand as long as it may; absent: it is paid out (R192). */
  readonly holding_limit_action?: 'payout' | 'notice';
}

/**
 * An account. `account`, its owner, is the platform, for connected accounts as for the platform itself, whose own account
 * is the first object of its book and has `platform`.
 */
export interface AccountObject extends StoredObject {
  readonly id: Id<'acct'>;
  readonly type: AccountType | 'none';
  readonly controller: ControllerProperties;
  readonly country: Country;
  readonly default_currency: Currency;
  readonly email?: string;
  readonly business_type?: string;
  readonly business_profile?: Details;
  readonly company?: Details;
  readonly individual?: Details;
  readonly capabilities: { readonly [name in Capability | PaymentCapability]?: CapabilityState };
  readonly external_accounts: readonly ExternalAccount[];
  /** `date` set: the account agreed to terms, which is also consent to account debits (R76). */
  readonly tos_acceptance?: {
    readonly date?: UnixSeconds;
    readonly ip?: string;
    readonly user_agent?: string;
    readonly service_agreement?: string;
  };
  /** Consent recorded by the platform through the admin API (R76). */
  readonly consent?: { readonly date: UnixSeconds; readonly ip?: string; readonly text?: string };
  readonly debit_negative_balances: boolean;
  readonly schedule: PayoutSchedule;
  /** Further settings, kept as sent. */
  readonly settings?: Details;
  readonly charges_enabled: boolean;
  readonly payouts_enabled: boolean;
  readonly details_submitted: boolean;
  /** `requirements.disabled_reason`, when something is switched off. */
  readonly disabled_reason?: string;
  /** What the account has to show besides, since somebody looked closer; in the spelling of requirements. */
  readonly furtherRequirements?: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly standing?: { readonly [currency in Currency]?: Standing };
  /** There is a standing: it is below zero, or a bank debit may still come back. Such accounts are few and are looked for. */
  readonly exposure?: 'open';
  /** How many instant payouts were made on the last day that had any (X27). */
  readonly instantPayouts?: { readonly day: Day; readonly count: number };
  readonly holdingTold?: { readonly [currency in Currency]?: HoldingTold };
  /** There may be money that has waited for longer than it may, and was let stay. Such accounts are few and are looked for. */
  readonly holding?: 'overdue';
  /** Its webhook endpoints, which are limited in number. */
  readonly webhookEndpoints?: readonly Id<'we'>[];
  /** A collection was needed: the dashboard recommends to reject the account (R157). Nothing is done by itself. */
  readonly rejectRecommended?: true;
  /** The part that the last change was about, where the answer to it is that part and not the account. */
  readonly changedPart?: ChangedPart;
  readonly deleted?: true;
  readonly platform?: PlatformSettings;
}

export const accounts = kind<AccountObject>({
  no: 1,
  object: 'account',
  prefixes: ['acct'],
  noun: 'account',
  refs: ['exposure', 'holding'],
});

export const isActive = (account: AccountObject, capability: Capability): boolean =>
  account.capabilities[capability]?.status === 'active';

/** The bank account or card that money in this currency goes to unless another is named. */
export const defaultExternalAccount = (account: AccountObject, currency: Currency): ExternalAccount | undefined =>
  account.external_accounts.find((external) => external.currency === currency && external.default_for_currency);
