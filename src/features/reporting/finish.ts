import { command, type Decision, event } from '../../engine/command.ts';
import { SECONDS_PER_DAY } from '../../kernel/time.ts';
import type { FileObject } from '../files/object.ts';
import { type ReportRunObject, reportRuns } from './object.ts';

const resultDays = 365;

/** What became of a run: what its file has in it, or why there is none. */
export type FinishRun = { readonly run: string } & (
  | { readonly made: Pick<FileObject, 'content' | 'sha256' | 'size'> }
  | { readonly error: string }
);

/** @returns no result when the run has one already */
export const finishRun = command({
  name: 'report_runs.finish',

  load: (read, params: FinishRun) => ({ run: read.find(reportRuns, params.run) }),

  decide(params: FinishRun, { run }, ctx): Decision<ReportRunObject | null> {
    if (run?.status !== 'pending') return { result: null };
    if ('error' in params) {
      const failed: ReportRunObject = { ...run, status: 'failed', error: params.error };
      return { result: failed, put: [failed], emit: [event('reporting.report_run.failed', failed)] };
    }
    const file: FileObject = {
      id: ctx.id('file'),
      account: run.account,
      created: ctx.now,
      purpose: 'finance_report_run',
      filename: `${run.id}.csv`,
      type: 'csv',
      expires_at: ctx.now + resultDays * SECONDS_PER_DAY,
      ...params.made,
    };
    const succeeded: ReportRunObject = { ...run, status: 'succeeded', succeeded_at: ctx.now, result: file };
    return {
      result: succeeded,
      put: [file, succeeded],
      emit: [event('file.created', file), event('reporting.report_run.succeeded', succeeded)],
    };
  },
});
