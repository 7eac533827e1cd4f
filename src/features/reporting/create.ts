import { command, type Decision, type Reader } from '../../engine/command.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { accounts } from '../accounts/object.ts';
import { payouts } from '../payouts/object.ts';
import { reportTypes } from './catalogue.ts';
import type { ReportRunObject } from './object.ts';
import type { CreateRun } from './params.ts';
import { type Named, refuseForm, refuseInterval, refuseNamed, refuseParameters } from './rules.ts';

/** Asks for a report. What it is about is over by now, so it does not matter when it is made. */
export const createRun = command({
  name: 'report_runs.create',

  load: (read: Reader, { parameters: { connected_account, payout } }: CreateRun): Named => ({
    account: connected_account === undefined ? undefined : read.find(accounts, connected_account),
    payout: payout === undefined ? undefined : read.find(payouts, payout),
  }),

  decide({ report_type, parameters }: CreateRun, named: Named, ctx): Decision<ReportRunObject> | Refusal {
    const type = reportTypes.get(report_type);
    if (!type) return refuse('no_such', { object: 'report_type', id: report_type, param: 'report_type' });
    const refusal =
      refuseParameters(type, parameters) ??
      refuseInterval(parameters, ctx.now) ??
      refuseForm(type, parameters) ??
      refuseNamed(type, parameters, named, { acting: ctx.account, platform: ctx.platform });
    if (refusal) return refusal;
    const run: ReportRunObject = {
      id: ctx.id('frr'),
      account: ctx.account,
      created: ctx.now,
      report_type,
      parameters,
      status: 'pending',
    };
    return { result: run, put: [run] };
  },
});
