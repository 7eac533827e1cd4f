import type { Wire } from '../../api/view.ts';
import { cardWire } from '../tokens/card-wire.ts';
import type { ExternalAccount } from './object.ts';

const nothingDue = (): Wire => ({ currently_due: [], errors: [], past_due: [], pending_verification: [] });

const payoutMethods = ({ instant }: ExternalAccount): readonly string[] =>
  instant ? ['standard', 'instant'] : ['standard'];

function bankWire(bank: ExternalAccount, account: string | undefined): Wire {
  return {
    id: bank.id,
    object: 'bank_account',
    ...(account !== undefined && { account }),
    account_holder_name: bank.account_holder_name ?? null,
    account_holder_type: bank.account_holder_type ?? null,
    account_type: bank.account_type ?? null,
    ...(account !== undefined && { available_payout_methods: payoutMethods(bank) }),
    bank_name: 'STRIPE TEST BANK',
    country: bank.country,
    currency: bank.currency,
    ...(account !== undefined && { default_for_currency: bank.default_for_currency }),
    fingerprint: bank.fingerprint,
    ...(account !== undefined && { future_requirements: nothingDue() }),
    last4: bank.last4,
    ...(account !== undefined && { metadata: bank.metadata ?? {}, requirements: nothingDue() }),
    routing_number: bank.routing_number ?? null,
    status: bank.status ?? 'new',
  };
}

/**
 * A bank account or debit card on the wire.
 *
 * @param account its owner; undefined while it is only in a token
 */
export function externalWire(external: ExternalAccount, account?: string): Wire {
  if (external.object === 'bank_account') return bankWire(external, account);
  const { brand = '', exp_month = 0, exp_year = 0, funding = 'debit', metadata, ...card } = external;
  const details = { ...card, brand, exp_month, exp_year, funding };
  if (account === undefined) return cardWire(external.id, details, { currency: external.currency });
  return cardWire(external.id, details, {
    account,
    available_payout_methods: payoutMethods(external),
    currency: external.currency,
    default_for_currency: external.default_for_currency,
    ...(metadata && { metadata }),
  });
}

/** The stub of a deleted one. */
export const deletedExternalWire = ({
  id,
  object,
  currency,
}: Pick<ExternalAccount, 'id' | 'object' | 'currency'>): Wire => ({
  id,
  object,
  currency,
  deleted: true,
});
