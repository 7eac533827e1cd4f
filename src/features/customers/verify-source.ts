import { microDeposits } from '../../data/test-banks.ts';
import { command } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { findSource, noSuchSource, type SourcePlace } from './find-source.ts';
import { sourceNews } from './news.ts';
import type { CustomerBankObject } from './object.ts';
import type { VerifySource as Params } from './params.ts';
import { isBank } from './source.ts';

const isRight = (amounts: readonly number[] | undefined): boolean =>
  [...(amounts ?? [])].sort((a, b) => a - b).join() === microDeposits.amounts.join();

/** Proves that a bank account is the customer's: the amounts of two small deposits, in either order. */
export const verifySource = command({
  name: 'customers.sources.verify',
  load: (read, params: Params & SourcePlace) => findSource(read, params),

  decide(params, found) {
    const { source } = found;
    if (!source || !isBank(source)) return noSuchSource(params, found);
    if (source.bank.status === 'verified') return refuse('bank_account_verified');
    if (!isRight(params.amounts)) return refuse('microdeposits_wrong');
    const verified: CustomerBankObject = { ...source, bank: { ...source.bank, status: 'verified' } };
    return { result: verified, put: [verified], emit: [sourceNews('updated', verified)] };
  },
});
