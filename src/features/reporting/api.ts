import { Refused } from '../../api/errors.ts';
import { listOf } from '../../api/list.ts';
import { create, list, type Route, read, retrieve } from '../../api/route.ts';
import { refuse } from '../../kernel/refusal.ts';
import { bookTime } from '../test-clocks/wait.ts';
import { reportTypes } from './catalogue.ts';
import { createRun } from './create.ts';
import { type CreateRun, createRunForm } from './params.ts';
import { reportRunView, reportTypeWire } from './view.ts';

const runs = '/v1/reporting/report_runs';
const types = '/v1/reporting/report_types';

/** A report of connected accounts is of one that is named, or of them all. */
const reaches = ({ report_type, parameters: { connected_account } }: CreateRun): string | null =>
  connected_account ?? (reportTypes.get(report_type)?.connected ? 'all' : null);

export const routes: readonly Route[] = [
  create(runs, {
    tier: 2,
    summary: 'Asks for a report; its file is there a moment later, and an event tells of it.',
    params: createRunForm,
    command: createRun,
    view: reportRunView,
    reaches,
  }),
  list(runs, reportRunView, {
    tier: 2,
    summary: 'The reports that were asked for, newest first.',
    filters: { created: 'created' },
  }),
  retrieve(`${runs}/:report_run`, reportRunView, { tier: 2, param: 'report_run', summary: 'One report run.' }),
  read(types, {
    tier: 2,
    summary: 'Every report there is.',
    async handler(reader) {
      const now = await bookTime(reader);
      const all = [...reportTypes.values()].map((type) => reportTypeWire(type, reader.env, now));
      return listOf(types, all, false);
    },
  }),
  read(`${types}/:report_type`, {
    tier: 2,
    summary: 'One report, with its columns.',
    async handler(reader, { report_type: id }) {
      const type = reportTypes.get(id);
      if (!type) throw new Refused(refuse('no_such_in_path', { object: 'report_type', id, param: 'report_type' }));
      return reportTypeWire(type, reader.env, await bookTime(reader));
    },
  }),
];
