import { Command, InvalidArgumentError, Option } from 'commander';
import { validateOption } from '../commands/input/validate.ts';
import { defined } from '../core/defined.ts';
import { UserError } from '../core/errors.ts';
import type { GroupOption } from '../core/group-options/define.ts';
import { POLICY_OPTIONS } from '../core/group-options/group-options.ts';
import { GROUP_DEFAULTS, type GroupSpec } from '../core/model/group.ts';
import { DEFAULT_POLICY, type Policy } from '../core/model/policy.ts';
import { parseWhere } from '../core/network/endpoint.ts';
import type { Where } from '../core/why/explanation.ts';
import type { Io } from './io.ts';

export type ReplayOptions = {
  json: boolean;
  policy: Policy;
  files: readonly string[];
  /** Explain this host or port, instead of printing alerts. */
  why?: Where;
};

const BASE: GroupSpec = { ...GROUP_DEFAULTS, name: 'replay', targets: [], exclude: [], policy: DEFAULT_POLICY };

/** The policy options of `group edit`, by the same names, as commander's. Throws CommanderError, also for `--help`. */
export function parseReplayOptions(argv: readonly string[], io: Io): ReplayOptions {
  let spec = BASE;
  const command = new Command('netdelta replay')
    .description(
      'Runs recorded scans (nmap -oX, plain or gzip), the oldest first, through the judge on an empty memory, and prints the alerts that would have been posted.',
    )
    .argument('<scan...>', 'nmap XML files')
    .option('--json', 'one JSON object a line for each alert')
    .option('--why <address:port>', 'explain one host or port, instead of printing alerts', whereOf)
    .exitOverride()
    .showHelpAfterError('See `netdelta replay --help`.')
    .configureOutput({
      writeOut: (text) => lines(text).forEach(io.stdout),
      writeErr: (text) => lines(text).forEach(io.stderr),
    });
  for (const option of POLICY_OPTIONS) {
    command.addOption(
      flagOf(option, (value) => {
        spec = option.write(spec, value);
      }),
    );
  }
  command.parse(spelledOut(argv), { from: 'user' });
  const { json = false, downAfter, why } = command.opts<{ json?: boolean; downAfter?: string; why?: Where }>();
  // A replay can't confirm anything, so a given down-after decides by itself, whatever the chance.
  const policy = downAfter === undefined ? spec.policy : { ...spec.policy, confirmAttempts: 0 };
  return { json, policy, files: command.args, ...defined({ why }) };
}

function whereOf(typed: string): Where {
  const where = parseWhere(typed);
  if (where === undefined) throw new InvalidArgumentError('expected an address, or ADDRESS:PORT as in 10.0.0.5:443.');
  return where;
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

/** A switch may be given without a value; its value is checked as in chat. */
function flagOf(option: GroupOption, set: (value: string | readonly string[]) => void): Option {
  const isSwitch = option.type === 'boolean';
  const placeholder = isSwitch ? '[on|off]' : `<${option.type === 'integer' ? 'n' : option.type}>`;
  const flag = new Option(`--${option.name} ${placeholder}`, option.description);
  flag.default(undefined, option.read(BASE));
  return flag.argParser((typed) => {
    set(checked(option, typed));
    return typed;
  });
}

function checked(option: GroupOption, typed: string): string | readonly string[] {
  try {
    return validateOption(option, typed, 'console');
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new InvalidArgumentError([error.message, error.hint].filter((part) => part !== undefined).join(' '));
  }
}

/** `--hide-repeats SCAN.xml`: the word after a switch is its value only if it can be one. */
function spelledOut(argv: readonly string[]): string[] {
  const switches = POLICY_OPTIONS.filter(({ type }) => type === 'boolean').map(({ name }) => `--${name}`);
  return argv.map((word, index) => {
    const alone = switches.includes(word) && !/^(?:on|off|yes|no|true|false)$/i.test(argv[index + 1] ?? '');
    return alone ? `${word}=on` : word;
  });
}
