import type { DeltaKind } from '../model/delta-kinds.ts';
import { ALERTABLE_KINDS, announcedKinds, silentBut, TRAITS } from '../model/policy.ts';
import { GRADE_NAMES, GRADES } from '../model/scales.ts';
import { counted } from '../text.ts';
import { describeDuration } from '../time/duration.ts';
import { defineOption } from './define.ts';
import {
  attempts,
  choice,
  duration,
  flag,
  integer,
  limit,
  notify,
  owner,
  period,
  remind,
  tags,
  targets,
  text,
  word,
} from './types.ts';

/** Users type the kinds to announce; the kinds to leave out are stored, so that later kinds are announced. */
const alertKinds = defineOption<'alert-on', readonly DeltaKind[]>(
  'alert-on',
  'choices',
  {
    parse: (typed) => silentBut(typeof typed === 'string' ? [typed] : typed),
    format: (silentKinds) => (silentKinds.length === 0 ? 'all' : announcedKinds({ silentKinds }).join(', ')),
  },
  {
    description: 'Kinds to alert, or all',
    hint: 'Kinds of delta with commas between, or `all`; the others are recorded only. `os` and `scripts` (what imported scans say by -O and --script) are compared when they are named: `all, os`.',
    choices: [...ALERTABLE_KINDS, ...TRAITS, 'all'],
  },
).into('policy.silentKinds', (kinds) =>
  kinds.length === 0 ? undefined : { label: 'Not alerted', value: kinds.join(', ') },
);

/** Kinds that are compared only when they are named are stored separately. */
const alertOn: typeof alertKinds = {
  ...alertKinds,
  read: (spec) => [alertKinds.read(spec), ...spec.policy.compare].filter((part) => part !== '').join(', '),
  write(spec, typed) {
    const named = typeof typed === 'string' ? [typed] : typed;
    const compare = TRAITS.filter((trait) => named.includes(trait));
    const { policy } = alertKinds.write(spec, typed);
    return { ...spec, policy: { ...policy, compare } };
  },
};

/** Every setting of a group except its name and targets: the one definition that everything else derives from. */
export const GROUP_OPTIONS = [
  targets('exclude', {
    description: 'Addresses never to scan',
    hint: 'Like targets; `none` clears it.',
  }).into('exclude'),
  text(
    'ports',
    {
      description: 'Ports instead of the profile’s',
      hint: '`22,80,8000-8100`, `U:53` for UDP, `none` for the profile’s own.',
    },
    'ports',
  ).into('ports'),
  word('profile', 'profile', {
    description: 'quick, standard, full or udp',
    question: 'How thorough is a scan?',
    hint: '`quick`, `standard`, `full` or `udp`.',
  }).into('profile'),
  word('site', 'site', {
    description: 'Worker pool that scans it',
    hint: 'Where the scan starts from: `local`, or the name a worker was started with.',
  }).into('site'),
  text(
    'confirm-site',
    {
      description: 'Worker pool that confirms doubts',
      hint: 'Another site that reaches the same hosts asks again what is in doubt; `none` for the group’s own.',
    },
    'site',
  ).into('confirmSite', (site) => ({ label: 'Confirmed from', value: site })),
  text('channel', { description: 'Channel for its deltas', question: 'Where do its alerts go?' }, 'channel').into(
    'channel',
  ),
  notify('notify', {
    description: 'Who is pinged: @who, @who/high',
    question: 'Who is pinged?',
    hint: 'Who is pinged, and from which risk on: `@alice`, `@alice/high`; `owner`: the owner of the host; `@alice/high/dmz`: for hosts tagged dmz; `none` for nobody.',
  }).into('notify'),
  remind('remind', {
    description: 'Remind after: 24h, off',
    hint: 'Remind of what nobody answered after this long, then daily: `24h`, `8h/medium` from that risk on, `off`.',
  }).into('remind', ({ afterMs, from }) => ({
    label: 'Reminder',
    value: afterMs === 0 ? 'off' : `after ${describeDuration(afterMs)}, from risk ${from} on; then once a day`,
  })),
  integer('down-after', {
    description: 'Missed scans until a host is down',
    hint: 'This many scans in a row must miss a host before it is reported as down.',
    min: 1,
    max: 100,
  }).into('policy.downAfter', (scans) => ({ label: 'Down after', value: `${counted(scans, 'missed scan')} in a row` })),
  attempts('confirm', {
    description: 'Confirm doubts: on, off or tries',
    hint: 'Confirmation scans of what is doubtful: `on`, `off`, or how many at most (0 to 10).',
  }).into('policy.confirmAttempts', (scans) => ({
    label: 'Confirmation',
    value: scans === 0 ? 'off' : `at most ${counted(scans, 'scan')}`,
  })),
  integer('learn', {
    description: 'Scans until silence is known',
    hint: 'This many scans make a baseline: what stayed silent in all of them is alerted when it answers.',
    min: 1,
    max: 100,
  }).into('policy.learn', (scans) => ({ label: 'Learning', value: counted(scans, 'scan') })),
  integer('retention', {
    description: 'Scans whose detail is kept',
    hint: 'The detail of this many scans is kept. No host is ever forgotten.',
    min: 1,
    max: 100_000,
  }).into('retention', (scans) => ({ label: 'Kept', value: `detail of ${counted(scans, 'scan')}` })),
  alertOn,
  flag('ignore-tcpwrapped', { description: 'Ignore tcpwrapped services' }).into('policy.ignoreTcpwrapped', (on) =>
    on ? { label: 'tcpwrapped', value: 'ignored' } : undefined,
  ),
  flag('cert-expiry', {
    description: 'Alert expiring certificates',
    hint: 'Certificates that expire are alerted 30, 14 and 3 days before, for profiles that read them.',
  }).into('policy.certExpiry', (on) => (on ? { label: 'Expiry', value: '30, 14 and 3 days before' } : undefined)),
  flag('hide-repeats', {
    description: 'Count what is alerted already',
    hint: 'What has been alerted and is still open is counted, not alerted again.',
  }).into('policy.hideRepeats', (on) => (on ? { label: 'Repeats', value: 'counted, not alerted' } : undefined)),
  integer('unstable-after', {
    description: 'Flips until called unstable',
    hint: 'A service that changes back and forth this often within 20 scans is called unstable, and recorded only; 0 turns it off.',
    typedOnly: true,
    min: 0,
    max: 20,
  }).into('policy.unstableAfter', (flips) => ({
    label: 'Unstable after',
    value: flips === 0 ? 'off' : `${flips} flips in 20 scans`,
  })),
  choice('min-grade', GRADES, {
    description: 'Least sure grade to alert',
    hint: 'green: only certain; amber: likely too; red: doubtful as well.',
  }).into('policy.minGrade', (grade) => ({ label: 'Alerted', value: `${GRADE_NAMES[grade]} or surer` })),
  period('version-every', {
    description: 'Read versions every: 7d',
    hint: 'Scans read versions of what is new, and of a known service only after this long: `24h`, `7d`; `off`: in every scan. A changed version is noticed that much later; scans of UDP always read all.',
    min: 0,
  }).into('versionEveryMs', (ms) => ({
    label: 'Versions',
    value: `of what is new in every scan, of a known service every ${describeDuration(ms)}`,
  })),
  limit('max-rate', {
    description: 'Packets a second at most',
    hint: 'Packets a second at most: `500`; 0 for no limit.',
    min: 0,
    max: 1_000_000,
  }).into('maxRate'),
  duration('catch-up', {
    description: 'Make up runs this late',
    hint: 'How late a missed run is still made up: `30m`, `1h`; `off` for never.',
    min: 0,
  }).into('catchUpMs', (ms) => ({
    label: 'Missed runs',
    value: ms === 0 ? 'never made up' : `made up within ${describeDuration(ms)}`,
  })),
  tags('tags', {
    description: 'Tags, with commas',
    hint: 'What it belongs to: `dmz,prod`. Used in filters, alerts, exports and by `notify`; `none` clears them.',
  }).into('tags'),
  owner('owner', {
    description: 'Whose it is: @ann, or a name',
    hint: 'Somebody (`@ann`) or words. Used in filters, alerts and exports; `owner` in `notify` pings them.',
  }).into('owner'),
  text('description', { description: 'What this group is' }).into('description'),
] as const;

export type GroupOptionName = (typeof GROUP_OPTIONS)[number]['name'];

/** The policy's defaults, by option name, as a user would type them. */
export const POLICY_OPTIONS = GROUP_OPTIONS.filter((option) => option.policy);
