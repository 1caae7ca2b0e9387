import { buildReport, reportTitle } from '../../../usecases/views/build-report.ts';
import { command } from '../../grammar/command.ts';
import { findGroup } from '../../input/find.ts';
import { publicly } from '../../private-reply.ts';
import { REPORT_OPTIONS, reportRequest } from './options.ts';

export const reportShow = command(
  {
    path: ['report', 'show'],
    role: 'viewer',
    summary: 'Statistics of a group',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      ...REPORT_OPTIONS,
    ],
    example: 'report show office period:30d',
    audience: 'public',
  },
  (deps) =>
    async ({ now }, options) => {
      const group = await findGroup(deps.store, options);
      const request = { title: reportTitle(group), groups: [group], ...reportRequest(options, now) };
      return publicly(await buildReport(deps, request));
    },
);
