import { noteCard } from '../../../cards/note.ts';
import { defined } from '../../../core/defined.ts';
import { NONE } from '../../../core/group-options/types.ts';
import { profileSettings } from '../../../core/model/profile.ts';
import type { Scan } from '../../../core/model/scan.ts';
import { scanTimeWords } from '../../../core/model/scan-time.ts';
import type { Store } from '../../../ports/store.ts';
import { command } from '../../grammar/command.ts';
import { OTHER_PROFILE } from '../../grammar/common-options.ts';
import { findGroup } from '../../input/find.ts';
import { inOption, textOf } from '../../input/options.ts';
import { privately } from '../../private-reply.ts';

export const scanNow = command(
  {
    path: ['scan', 'now'],
    role: 'operator',
    summary: 'Scan once, now, with progress',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      {
        ...OTHER_PROFILE,
        hint: `${OTHER_PROFILE.hint} If you name one with versions, it reads all of them, whatever \`version-every\` is.`,
      },
      {
        name: 'ports',
        type: 'ports',
        description: 'Other ports',
        hint: 'Instead of the group’s: `22,80,8000-8100`, `U:53` for UDP.',
        positional: false,
        required: false,
      },
      {
        name: 'async',
        type: 'boolean',
        description: 'Do not wait',
        hint: 'For scripts on the console: the next line does not wait for the end.',
        positional: false,
        required: false,
      },
    ],
    example: 'scan now office ports:22,80',
    audience: 'private',
  },
  (deps) => async (context, options) => {
    const group = await findGroup(deps.store, options);
    const profile = textOf(options, 'profile');
    const typedPorts = textOf(options, 'ports');
    const ports = typedPorts === NONE ? undefined : typedPorts;
    inOption('ports', () => profileSettings(profile ?? group.profile, ports === undefined ? {} : { ports }));
    const { scan, added } = await deps.requestScan({
      group,
      by: context.principal.key,
      channel: context.channel,
      ...defined({ profile, ports }),
      now: context.now,
    });
    const card = noteCard({
      title: `${group.name}: scan #${scan.id}`,
      tone: 'info',
      lines: [await told(deps.store, scan, added)],
    });
    return { ...privately(card), scanId: scan.id };
  },
);

async function told(store: Store, scan: Scan, added: boolean): Promise<string> {
  if (added) {
    const active = { groupId: scan.groupId, kind: 'scan', statuses: ['running', 'judging'] } as const;
    const before = (await store.scans.list(active, { limit: 2, offset: 0 })).items.find(({ id }) => id !== scan.id);
    const time = scanTimeWords(BigInt(scan.hostsTotal), scan.settings);
    const takes = time === undefined ? '' : ` It takes ${time}`;
    if (before === undefined) return `Scan queued. Its message shows the progress.${takes}`;
    const waits = `It waits for the end of scan #${before.id} of this group`;
    return `Scan queued. ${waits}; its message shows the progress.${takes}`;
  }
  return `Scan #${scan.id} of this group is ${scan.status} already; it was not queued twice.`;
}
