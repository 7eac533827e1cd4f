/** Routing number and the account number that succeeds (test fixtures of each country). */
const banks: Readonly<Record<string, { readonly routing: string; readonly succeeds: string }>> = {
  CA: { routing: '11000-000', succeeds: '000123456789' },
  JP: { routing: '1100000', succeeds: '0001234' },
  US: { routing: '110000000', succeeds: '000123456789' },
};

export interface BankAccountParams {
  readonly object: 'bank_account';
  readonly country: string;
  readonly currency: string;
  readonly routing_number: string;
  readonly account_number: string;
}

/** A bank account as a parameter; `number` decides what becomes of payouts and debits. */
export function bankAccount(country: string, currency: string, number?: string): BankAccountParams {
  const bank = banks[country];
  if (!bank) throw new Error(`no test bank in ${country}`);
  return {
    object: 'bank_account',
    country,
    currency,
    routing_number: bank.routing,
    account_number: number ?? bank.succeeds,
  };
}
