import { feature } from '../../api/feature.ts';
import { standingJobs } from '../standing/follow.ts';
import { answerDebit } from './answer.ts';
import { clearDebits } from './clear.ts';
import { debitBank } from './debit.ts';
import { clearJob, debitAnswersJob } from './job-names.ts';

/** What is drawn from banks when a balance is below zero at the close of a day. */
export const negativeBalances = feature({
  name: 'negative-balances',
  resource: null,
  jobs: { [standingJobs.debitBank]: debitBank, [debitAnswersJob]: answerDebit, [clearJob]: clearDebits },
});
