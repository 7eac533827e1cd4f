/**
 * What a payout, a bank debit or a top-up that failed says to people, by its failure code.
 *
 * Source: Stripe's published list of payout failures (codes and the text of no_account); the other texts are Evenkeel's own.
 * Checked 2026-11-22.
 */
const messages: Readonly<Record<string, string>> = {
  account_closed: 'The bank account has been closed.',
  could_not_process: 'The bank could not process this payout.',
  debit_not_authorized: 'Debits to the bank account are not authorized.',
  insufficient_funds: 'The bank account has insufficient funds to cover the debit.',
  invalid_currency: 'The bank was unable to process this payout because of its currency.',
  no_account:
    'The bank account details on file are probably incorrect. No bank account could be located with those details.',
};

export const payoutFailureMessage = (code: string): string => messages[code] ?? messages.could_not_process ?? code;
