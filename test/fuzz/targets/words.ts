import { readCustomId } from '../../../adapters/discord/render/custom-id.ts';
import { decodeMetadata } from '../../../adapters/slack/outbound/place.ts';
import { decodeAction } from '../../../src/cards/action.ts';
import { toCsv } from '../../../src/cards/csv.ts';
import { optionsOf, readConfiguration } from '../../../src/commands/configuration/read-file.ts';
import { commandDescriptions } from '../../../src/commands/grammar/all-commands.ts';
import { parseIds } from '../../../src/commands/input/ids.ts';
import { parseCommand } from '../../../src/commands/input/parser.ts';
import { UserError } from '../../../src/core/errors.ts';
import { GROUP_OPTIONS } from '../../../src/core/group-options/group-options.ts';
import { rangesContain, toAddressRanges } from '../../../src/core/network/address-ranges.ts';
import { parseWhere } from '../../../src/core/network/endpoint.ts';
import { parseExpectedChanges } from '../../../src/core/network/expected-change.ts';
import { nmapTargets } from '../../../src/core/network/nmap-targets.ts';
import { parsePorts } from '../../../src/core/network/ports.ts';
import { allowedRanges, checkAllowed, parseTargets, targetRanges } from '../../../src/core/network/targets.ts';
import { withoutSecrets } from '../../../src/core/secrets.ts';
import { parseDuration, parseTime } from '../../../src/core/time/duration.ts';
import { nextRuns } from '../../../src/core/time/runs.ts';
import { parseWhen } from '../../../src/core/time/when.ts';
import { describeWhen } from '../../../src/core/time/when-words.ts';
import type { Target } from '../target.ts';

const NOW = Date.UTC(2026, 10, 30);
const ALLOWED = allowedRanges(['10.0.0.0/8', 'fc00::/7']);

const lines = [
  ...commandDescriptions.map((command) => command.example),
  'group add "a b" 10.0.0.0/24 exclude:10.0.0.1',
];

/** Targets that were checked are within what is allowed, however they were typed. */
function targets(text: string): void {
  const specs = parseTargets(text);
  const ranges = targetRanges(specs);
  if (checkAllowed(ranges, ALLOWED).refused.length > 0) return;
  for (const [first, last] of toAddressRanges(ranges)) {
    if (!rangesContain(ALLOWED, first) || !rangesContain(ALLOWED, last))
      throw new Error(`${first}-${last} was allowed`);
  }
}

function when(text: string): void {
  const read = parseWhen(text, 'Europe/Berlin', NOW);
  describeWhen(read);
  nextRuns(read, NOW, 3);
}

function configuration(text: string): void {
  for (const { name, fields } of readConfiguration(text).groups) optionsOf(GROUP_OPTIONS, fields, name);
}

/** No cell of it begins a formula, in whatever way a spreadsheet splits it. */
function csv(text: string): void {
  const [line = ''] = toCsv([[text]]).split('\r\n', 1);
  const bare = line.replace(/^"/, '');
  if (/^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(bare)) throw new Error(`a formula: ${line.slice(0, 100)}`);
}

/** One after the other, each of which may refuse it. */
function each(...readers: readonly ((text: string) => unknown)[]): (text: string) => void {
  return (text) => {
    for (const read of readers) {
      try {
        read(text);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
      }
    }
  };
}

export const WORDS: readonly Target[] = [
  { name: 'commands', share: 2, seeds: lines, take: (text) => parseCommand(text, commandDescriptions) },
  {
    ...{ name: 'targets', share: 2, take: each(targets, parseExpectedChanges, parseWhere, nmapTargets) },
    seeds: [
      ...['10.0.0.0/24, 10.0.1.1-50 2001:db8::/64', 'gw.example ::ffff:10.0.0.1', '10.0.0-3.1-50', '10.0.0.5:443/tcp'],
      'nmap -v -oX - --exclude 10.0.0.1 10.0.0.0/24 10.0-9.*.1,2',
    ],
  },
  { name: 'ports', share: 1, seeds: ['22,80,8000-8100', 'T:1-1024,U:53', 'udp/53,tcp/443'], take: parsePorts },
  {
    ...{ name: 'WHEN', share: 1, take: when },
    seeds: ['*/5 1-3 * * mon', 'daily 02:00', 'weekly mon 02:00', 'every 6h', '@weekly', '0 0 31 2 *'],
  },
  {
    ...{ name: 'durations, dates, ids', share: 1 },
    seeds: ['7d', '1h30m', '2026-01-31', '2026-01-31 02:30', '1-50,70', '12, 13'],
    take: each(
      parseDuration,
      (text) => parseTime(text, 'Europe/Berlin', NOW),
      (text) => parseIds(text, 'delta'),
    ),
  },
  {
    ...{ name: 'button ids and forms', share: 1, take: each(decodeAction, readCustomId, decodeMetadata) },
    seeds: [
      ...['ack:1', 'run:delta list page:2', 'mute:1:host:10.0.0.1', 'cancel-scan:12', 'recheck:3:k:service-added'],
      '{"place":{"userId":"U1","channelId":"C1"},"target":{"type":"action","actionId":"ack:1"}}',
    ],
  },
  {
    ...{ name: 'configuration files', share: 1, take: configuration },
    seeds: [
      'version: 1\ngroups:\n  lab:\n    targets: [10.0.0.0/24]\n    ports: 22,80\n    max-rate: &a 100\n    tags: *a\n',
    ],
  },
  { name: 'CSV', share: 1, seeds: ['nginx 1.2', '=1+1', 'a;=b', ' \t@x', 'a,"b"'], take: csv },
  {
    ...{ name: 'secrets in logs', share: 1, take: withoutSecrets },
    seeds: [
      'token: abc https://u:p@h/x Bearer abcdefgh',
      'eyJa.b.c ndk_a xoxb-1 password="a b"',
      '-----BEGIN PRIVATE KEY-----',
    ],
  },
];
