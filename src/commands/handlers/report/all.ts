import { buildReport, reportTitle } from '../../../usecases/views/build-report.ts';
import { command } from '../../grammar/command.ts';
import { publicly } from '../../private-reply.ts';
import { REPORT_OPTIONS, reportRequest } from './options.ts';

export const reportAll = command(
  {
    path: ['report', 'all'],
    role: 'viewer',
    summary: 'Statistics over all groups',
    options: REPORT_OPTIONS,
    example: 'report all period:1y format:html',
    audience: 'public',
  },
  (deps) =>
    async ({ now }, options) => {
      const groups = await deps.store.groups.list();
      return publicly(await buildReport(deps, { title: reportTitle(), groups, ...reportRequest(options, now) }));
    },
);
