/** The shape of `test/data/money-examples.json`; its README says what the fields mean. */
import { readFileSync } from 'node:fs';

export interface ExampleAccount {
  readonly id: string; // 'P' is the platform
  readonly role: 'platform' | 'connected';
  readonly country: string; // lower case
  readonly currency: string;
  readonly losses: 'application' | 'stripe' | null;
  readonly fees_payer: 'account' | 'application' | null;
  readonly payout_interval: string;
  readonly reserves_enabled: boolean | null;
  readonly opening_available: number;
}

export interface ExpectedError {
  readonly http: number;
  // Absent: not said by the example. Null: the answer must not have one.
  readonly code?: string | null;
  readonly param?: string | null;
}

export interface Operation {
  readonly op: string | readonly string[];
  readonly account?: string;
  readonly amount?: number;
  readonly application_fee_amount?: number;
  readonly bank?: string;
  readonly card?: string;
  readonly currency?: string;
  readonly debit_negative_balances?: boolean;
  readonly error?: ExpectedError;
  readonly expect_status?: string;
  readonly method?: 'instant' | 'standard';
  readonly payout?: number; // the payout's amount where `amount` belongs to another operation of the list
  readonly reference_transaction?: boolean;
  readonly refund_application_fee?: boolean;
  readonly reverse_transfer?: boolean;
  readonly source_transaction?: boolean;
  readonly status?: 'won' | 'lost';
  readonly transfer_data_amount?: number;
}

export interface ExpectedBalance {
  readonly available: number;
  readonly pending: number;
  readonly connect_reserved?: number; // the platform's only
}

export interface ExpectedRow {
  readonly acct: string;
  readonly type: string;
  readonly amount: number;
  readonly fee: number;
  readonly net: number;
  readonly cur: string;
  readonly available_on: string;
  readonly reporting_category: string;
  readonly status: string;
}

export interface Step {
  readonly at: string;
  readonly label: string;
  readonly op: Operation;
  readonly balances: Readonly<Record<string, ExpectedBalance>>;
  readonly balance_transactions: readonly ExpectedRow[];
}

export interface Example {
  readonly id: string;
  readonly title: string;
  readonly accounts: readonly ExampleAccount[];
  readonly steps: readonly Step[];
}

export const unixSeconds = (iso: string): number => Date.parse(iso) / 1000;

/** Where the data and the rules disagree, the rules are right. */
const errata: readonly { readonly example: string; readonly step: number; readonly error: ExpectedError }[] = [
  // X52: the charge form names its own parameter; `destination` belongs to the transfer form.
  { example: 'E21', step: 1, error: { http: 400, code: 'transfers_not_allowed', param: 'source' } },
];

function corrected(example: Example): Example {
  const steps = example.steps.map((step, index) => {
    const erratum = errata.find((entry) => entry.example === example.id && entry.step === index);
    return erratum ? { ...step, op: { ...step.op, error: erratum.error } } : step;
  });
  return { ...example, steps };
}

const data = readFileSync(new URL('../../data/money-examples.json', import.meta.url), 'utf8');

/** All worked examples by id, errata applied. */
export const examples: ReadonlyMap<string, Example> = new Map(
  (JSON.parse(data) as Example[]).map((example) => [example.id, corrected(example)]),
);
