import { DELTA_KINDS } from '../../core/model/delta-kinds.ts';
import { GRADES } from '../../core/model/scales.ts';
import type { OptionDefinition } from '../grammar/command-description.ts';

/** What `group add` and `group edit` have in common: everything but name and targets. */
export const groupOptions: readonly OptionDefinition[] = [
  option({
    name: 'exclude',
    type: 'targets',
    description: 'Addresses never to scan',
    hint: 'Like targets; `none` clears it.',
  }),
  option({
    name: 'ports',
    type: 'ports',
    description: 'Ports instead of the profile’s',
    hint: '`22,80,8000-8100`, `U:53` for UDP, `none` for the profile’s own.',
  }),
  option({
    name: 'profile',
    type: 'profile',
    description: 'quick, standard, full or udp',
    hint: '`quick`, `standard`, `full` or `udp`.',
  }),
  option({
    name: 'site',
    type: 'text',
    description: 'Worker pool that scans it',
    hint: 'Where the scan starts from: `local`, or the name a worker was started with.',
  }),
  option({ name: 'channel', type: 'channel', description: 'Channel for its deltas' }),
  option({
    name: 'notify',
    type: 'text',
    description: 'Who is pinged: @who or @who/high',
    hint: 'Who is pinged, and from which risk on: `@alice`, `@alice/high`; `none` for nobody.',
  }),
  option({
    name: 'down-after',
    type: 'integer',
    description: 'Missed scans until a host is down',
    hint: 'Scans in a row that a host must miss.',
    min: 1,
    max: 100,
  }),
  option({
    name: 'confirm',
    type: 'text',
    description: 'Confirm doubts: on, off or tries',
    hint: 'Confirmation scans of what is doubtful: `on`, `off`, or how many at most (0 to 10).',
  }),
  option({
    name: 'learn',
    type: 'integer',
    description: 'Scans until silence is known',
    hint: 'Scans after which what stayed silent counts as known.',
    min: 1,
    max: 100,
  }),
  option({
    name: 'retention',
    type: 'integer',
    description: 'Scans whose detail is kept',
    hint: 'Scans whose detail is kept. No host is ever forgotten.',
    min: 1,
    max: 100_000,
  }),
  option({
    name: 'alert-on',
    type: 'choices',
    description: 'Kinds to alert, or all',
    hint: 'Kinds of delta with commas between, or `all`. The others are recorded only.',
    choices: [...DELTA_KINDS, 'all'],
  }),
  option({ name: 'ignore-tcpwrapped', type: 'boolean', description: 'Ignore tcpwrapped services' }),
  option({
    name: 'hide-repeats',
    type: 'boolean',
    description: 'Count what is told already',
    hint: 'What is told and still open is counted, not told again.',
  }),
  option({
    name: 'unstable-after',
    type: 'integer',
    description: 'Flips until called unstable',
    hint: 'Changes to and fro within 20 scans; 0 turns it off.',
    min: 0,
    max: 20,
  }),
  option({
    name: 'min-grade',
    type: 'choice',
    description: 'Least sure grade to alert',
    hint: 'green: only certain; amber: likely too; red: doubtful as well.',
    choices: GRADES,
  }),
  option({
    name: 'max-rate',
    type: 'integer',
    description: 'Packets a second at most',
    hint: '0 for no limit.',
    min: 0,
    max: 1_000_000,
  }),
  option({
    name: 'catch-up',
    type: 'duration',
    description: 'Make up runs this late, e.g. 1h',
    hint: 'How late a missed run is still made up; `off` for never.',
    min: 0,
  }),
  option({ name: 'description', type: 'text', description: 'What this group is' }),
];

function option(option: Omit<OptionDefinition, 'positional' | 'required'>): OptionDefinition {
  return { ...option, positional: false, required: false };
}
