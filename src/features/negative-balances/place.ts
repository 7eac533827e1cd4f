import type { Currency } from '../../data/currencies.ts';

/** What the subject of scheduled work about a balance names: `acct_1 usd`. */
export function placeOf(subject: string): { readonly account: string; readonly currency: Currency } {
  const [account = '', currency = ''] = subject.split(' ');
  return { account, currency: currency as Currency };
}
