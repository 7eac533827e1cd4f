import { feature } from '../../api/feature.ts';
import { standingJobs } from '../standing/follow.ts';
import { answerDebit, debitAnswersJob } from './answer.ts';
import { clearDebits, clearJob } from './clear.ts';
import { debitBank } from './debit.ts';

/** What is drawn from banks when a balance is below zero at the close of a day. */
export const negativeBalances = feature({
  name: 'negative-balances',
  jobs: { [standingJobs.debitBank]: debitBank, [debitAnswersJob]: answerDebit, [clearJob]: clearDebits },
});
