import { type ViewEnv, view, type Wire } from '../../api/view.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import { fileWire } from '../files/wire.ts';
import type { ReportType } from './catalogue.ts';
import { type ReportRunObject, reportRuns } from './object.ts';
import { dataAvailableEnd, dataAvailableStart } from './rules.ts';

export const reportRunView = view<ReportRunObject>({
  kind: reportRuns,
  expandable: ['result'],
  render: (run, env) => ({
    id: run.id,
    object: 'reporting.report_run',
    created: run.created,
    error: run.error ?? null,
    livemode: env.livemode,
    parameters: run.parameters,
    report_type: run.report_type,
    result: run.result ? fileWire(run.result, env) : null,
    status: run.status,
    succeeded_at: run.succeeded_at ?? null,
  }),
});

/** @param now the book's time */
export function reportTypeWire(type: ReportType, { livemode }: Pick<ViewEnv, 'livemode'>, now: UnixSeconds): Wire {
  const end = dataAvailableEnd(now);
  return {
    id: type.id,
    object: 'reporting.report_type',
    data_available_end: end,
    data_available_start: dataAvailableStart,
    default_columns: type.defaultColumns,
    livemode,
    name: type.name,
    updated: end,
    version: type.version,
  };
}
