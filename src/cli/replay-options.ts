import { UserError } from '../core/errors.ts';
import type { Where } from '../core/judge/sighting.ts';
import { lookUp } from '../core/look-up.ts';
import { asDeltaKind, DELTA_KINDS } from '../core/model/delta-kinds.ts';
import { DEFAULT_POLICY, type Policy, silentBut } from '../core/model/policy.ts';
import { GRADES, type Grade } from '../core/model/scales.ts';
import { parseWhere } from '../core/network/endpoint.ts';
import { cleanText, nearest } from '../core/text.ts';

export type ReplayOptions = {
  json: boolean;
  help: boolean;
  /** Explain this host or port, instead of printing alerts. */
  why?: Where;
  policy: Policy;
  files: readonly string[];
};

type Setter = { takes: string; set(policy: Policy, value: string, word: string): Policy };

// Before the table, which is made as this module is read.
const SWITCH = '[on|off]';
const ON = ['on', 'yes', 'true'];
const OFF = ['off', 'no', 'false'];

/** The policy options of `group edit`, by the same names. */
const SETTERS: Readonly<Record<string, Setter>> = {
  'down-after': whole('downAfter', 1, 100),
  learn: whole('learn', 1, 100),
  'unstable-after': whole('unstableAfter', 0, 20),
  confirm: { takes: 'on|off|N', set: (policy, value, word) => ({ ...policy, confirmAttempts: attempts(value, word) }) },
  'min-grade': { takes: GRADES.join('|'), set: (policy, value, word) => ({ ...policy, minGrade: grade(value, word) }) },
  'alert-on': {
    takes: 'KIND,…|all',
    set: (policy, value, word) => ({ ...policy, silentKinds: silentBut(kinds(value, word)) }),
  },
  'ignore-tcpwrapped': flag('ignoreTcpwrapped'),
  'hide-repeats': flag('hideRepeats'),
};

export const REPLAY_USAGE = 'Use: netdelta replay [--json] [--why ADDRESS:PORT] [policy options] SCAN.xml…';

export function replayHelp(): string[] {
  const defaults: Readonly<Record<string, string>> = {
    'down-after': `${DEFAULT_POLICY.downAfter}, and as many more as the loss asks for; a number given decides by itself`,
    learn: `${DEFAULT_POLICY.learn}`,
    'unstable-after': `${DEFAULT_POLICY.unstableAfter}`,
    confirm: 'without effect here: there is nothing left to ask',
    'min-grade': DEFAULT_POLICY.minGrade,
    'alert-on': 'all',
    'ignore-tcpwrapped': 'off',
    'hide-repeats': 'off',
  };
  return [
    REPLAY_USAGE,
    'Runs recorded scans (nmap -oX, plain or gzip), oldest first, through the judge on an empty memory,',
    'and prints the alerts that would have been posted; with --why what is believed of one host or port, and why.',
    ...Object.entries(SETTERS).map(
      ([name, { takes }]) => `  ${`--${name} ${takes}`.padEnd(32)}${defaults[name] ?? ''}`,
    ),
  ];
}

export function parseReplayOptions(argv: readonly string[]): ReplayOptions {
  let policy = DEFAULT_POLICY;
  const files: string[] = [];
  const rest = [...argv];
  const seen: { json: boolean; help: boolean; why?: Where } = { json: false, help: false };
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') files.push(...rest.splice(0));
    else if (word === '--json') seen.json = true;
    else if (word === '--help' || word === '-h') seen.help = true;
    else if (WHY.test(word)) seen.why = whereOf(word, rest);
    else if (!word.startsWith('-') || word === '-') files.push(word);
    else policy = setOption(policy, word, rest);
  }
  // A replay can't ask again: a down-after that was given decides by itself, whatever the chance.
  const own = argv.some((word) => /^--?down-after(=|$)/.test(word));
  return { ...seen, policy: own ? { ...policy, confirmAttempts: 0 } : policy, files };
}

const WHY = /^--?why(?:=(.*))?$/s;

function whereOf(word: string, rest: string[]): Where {
  const value = WHY.exec(word)?.[1] ?? rest.shift();
  if (value === undefined) throw new UserError('--why needs a value.', { hint: '--why ADDRESS:PORT', word });
  const where = parseWhere(value);
  if (where === undefined) throw wrong('--why', cleanText(value, 60), 'an address, or ADDRESS:PORT as in 10.0.0.5:443');
  return where;
}

function setOption(policy: Policy, word: string, rest: string[]): Policy {
  const [, name = '', inside] = /^--?([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  const setter = lookUp(SETTERS, name);
  if (setter === undefined) {
    const near = nearest(name, [...Object.keys(SETTERS), 'json', 'help', 'why']);
    throw new UserError(`There is no option ${word}.`, {
      hint: near === undefined ? REPLAY_USAGE : `Did you mean --${near}?`,
      word,
    });
  }
  const isFlag = setter.takes === SWITCH;
  const value = inside ?? (isFlag && !isSwitch(rest[0]) ? 'on' : rest.shift());
  if (value === undefined) {
    throw new UserError(`--${name} needs a value.`, { hint: `--${name} ${setter.takes}`, word });
  }
  return setter.set(policy, value, `--${name}`);
}

function isSwitch(word: string | undefined): boolean {
  return word !== undefined && (ON.includes(word) || OFF.includes(word));
}

function flag(key: 'ignoreTcpwrapped' | 'hideRepeats'): Setter {
  return {
    takes: SWITCH,
    set(policy, value, word) {
      if (!isSwitch(value)) throw wrong(word, value, 'on or off');
      return { ...policy, [key]: ON.includes(value) };
    },
  };
}

function whole(key: 'downAfter' | 'learn' | 'unstableAfter', least: number, most: number): Setter {
  return {
    takes: 'N',
    set: (policy, value, word) => ({ ...policy, [key]: wholeNumber(value, word, least, most) }),
  };
}

function wholeNumber(value: string, word: string, least: number, most: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= least && number <= most)) throw wrong(word, value, `a whole number from ${least} to ${most}`);
  return number;
}

function attempts(value: string, word: string): number {
  if (isSwitch(value)) return ON.includes(value) ? DEFAULT_POLICY.confirmAttempts : 0;
  return wholeNumber(value, word, 0, 10);
}

function grade(value: string, word: string): Grade {
  const found = GRADES.find((one) => one === value);
  if (found === undefined) throw wrong(word, value, GRADES.join(', '));
  return found;
}

function kinds(value: string, word: string): string[] {
  if (value === 'all') return [value];
  return value.split(',').map((part) => {
    const found = asDeltaKind(part.trim());
    if (found !== undefined) return found;
    const near = nearest(part, DELTA_KINDS);
    throw wrong(word, part, near === undefined ? `all, or kinds of ${DELTA_KINDS.join(', ')}` : `${near}?`);
  });
}

function wrong(word: string, value: string, expected: string): UserError {
  return new UserError(`${word} ${value} is not possible.`, { hint: `Expected ${expected}`, word: value });
}
