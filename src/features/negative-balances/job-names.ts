/** The bank answers to a debit. */
export const debitAnswersJob = 'negative-balances.answer';
/** The three business days after a debit are over. */
export const clearJob = 'negative-balances.clear';
