#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import metadata from '../package.json' with { type: 'json' };
import type { ApplyOptions } from './cli/apply.ts';
import { EXIT, type Io } from './cli/io.ts';
import type { RunOptions } from './cli/run.ts';
import { leave, onBrokenOutput, outliveReader } from './cli/signals.ts';
import type { Config } from './config.ts';
import { ConfigError, StorageTrouble, UserError } from './core/errors.ts';
import { cleanText, nearest } from './core/text.ts';

const io: Io = {
  stdout: (line) => process.stdout.write(`${line}\n`),
  stderr: (line) => process.stderr.write(`${line}\n`),
};

const loadConfig = async (): Promise<Config> => (await import('./config.ts')).readConfig(process.env, process.cwd());

/** Each command loads what it needs: comparing two files takes no database. */
const RUN = {
  bot: async () => (await import('./cli/bot.ts')).runBot(await loadConfig(), io),
  console: async (json: boolean) => (await import('./cli/console.ts')).runConsoleCommand(await loadConfig(), io, json),
  worker: async (options: { site: string; concurrency?: number }) =>
    (await import('./cli/worker.ts')).runWorker(await loadConfig(), io, options),
  workerKey: async (site: string) => (await import('./cli/worker-key.ts')).runWorkerKey(await loadConfig(), io, site),
  migrate: async (down: boolean) => (await import('./cli/migrate.ts')).runMigrate(await loadConfig(), io, down),
  copy: async (from: string, to: string) => (await import('./cli/backup.ts')).runCopy(io, from, to),
  backup: async (file: string) => (await import('./cli/backup.ts')).runBackup(await loadConfig(), io, file),
  restore: async (file: string) => (await import('./cli/backup.ts')).runRestore(await loadConfig(), io, file),
  doctor: async () => (await import('./cli/doctor.ts')).runDoctor(await loadConfig(), io),
  import: async (group: string, files: readonly string[]) =>
    (await import('./cli/import.ts')).runImport(await loadConfig(), io, group, files),
  apply: async (file: string, options: ApplyOptions) =>
    (await import('./cli/apply.ts')).runApply(await loadConfig(), io, file, options),
  exportConfig: async () => (await import('./cli/apply.ts')).runExportConfig(await loadConfig(), io),
  run: async (words: readonly string[], options: RunOptions) =>
    (await import('./cli/run.ts')).runRun(loadConfig, io, words, options),
  diff: async (argv: readonly string[]) => {
    const { runDiff } = await import('./cli/diff.ts');
    outliveReader();
    return runDiff(argv, io, (await import('./app/reader.ts')).createRunIndexer());
  },
  replay: async (argv: readonly string[]) => {
    const { runReplay } = await import('./cli/replay.ts');
    return runReplay(argv, io, (await import('./app/reader.ts')).createReaderHere());
  },
};

function program(done: (code: number) => void): Command {
  const netdelta = new Command('netdelta')
    .version(metadata.version, '-V, --version')
    .description('Watches networks for change, and reports it in Slack, Discord or here.')
    .exitOverride()
    .showHelpAfterError('See `netdelta --help`, and `netdelta COMMAND --help`.');
  netdelta
    .command('bot')
    .description('the bot alone, on the platforms that have tokens')
    .action(async () => done(await RUN.bot()));
  netdelta
    .command('console')
    .description('the chat on this terminal; from a pipe, one JSON event a line')
    .option('--json', 'one JSON event a line')
    .action(async (options: { json?: boolean }) => done(await RUN.console(options.json ?? false)));
  netdelta
    .command('worker')
    .description('scanning alone, on any machine that reaches Redis')
    .option('--site <name>', 'the groups of which site it scans', 'local')
    .option(
      '--concurrency <n>',
      'nmap processes at once (by itself NETDELTA_SCANS_AT_ONCE, or as many as there are cores, 2 to 8)',
      positiveInteger,
    )
    .action(async (options: { site: string; concurrency?: number }) => done(await RUN.worker(options)));
  netdelta
    .command('worker-key')
    .description('the key that workers of a site need on another machine (NETDELTA_SITE_KEY); a secret')
    .argument('<site>')
    .action(async (site: string) => done(await RUN.workerKey(site)));
  netdelta
    .command('import')
    .description(
      'nmap XML made elsewhere (plain or gzip) into a group, judged like any scan, in the order of its times',
    )
    .argument('<group>')
    .argument('<files...>')
    .action(async (group: string, files: readonly string[]) => done(await RUN.import(group, files)));
  netdelta
    .command('apply')
    .description(
      'make the groups, schedules, routes and windows those of a file; with --dry-run exit code 1: it would change something',
    )
    .argument('<file>', 'YAML, as export --config writes it')
    .option('--dry-run', 'only show what would be added, changed and removed')
    .option('--prune', 'also remove groups that are not in the file, with their history')
    .action(async (file: string, options: ApplyOptions) => done(await RUN.apply(file, options)));
  netdelta
    .command('export')
    .description('groups, schedules, routes and windows as YAML, for apply')
    .requiredOption('--config', 'how the groups are set up; what is known of one: /netdelta export GROUP')
    .action(async () => done(await RUN.exportConfig()));
  netdelta
    .command('run')
    .description(
      'commands to the bot that runs on this data directory; exit code 0: done, 1: refused or failed, 2: wrong use',
    )
    .argument('[command...]', "such as '/netdelta status'; - reads them from standard input")
    .option('--file <file>', 'commands from a file, one a line')
    .option('--json', 'one JSON document a command, with its data as fields')
    .option('--schema', 'print the JSON Schema of what --json writes')
    .option('--stop-on-error', 'run no more commands after one that was not done')
    .action(async (words: string[], options: RunOptions) => done(await RUN.run(words, options)));
  netdelta
    .command('diff')
    .description('compare two nmap XML files; exit code 0: no delta, 1: deltas, 2: error')
    .argument('<old>')
    .argument('<new>')
    .option('--json', 'one JSON document')
    .action(async (older: string, newer: string, options: { json?: boolean }) =>
      done(await RUN.diff([older, newer, ...(options.json === true ? ['--json'] : [])])),
    );
  netdelta
    .command('replay')
    .description('run recorded scans through the judge; options are those of a group, e.g. --down-after 3')
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(async (_options: unknown, command: Command) => done(await RUN.replay(command.args)));
  netdelta
    .command('migrate')
    .description('bring the database up to date, or one step back')
    .option('--down', 'take the newest migration back')
    .option('--from <url>', 'with --to: copy everything from this database …')
    .option('--to <url>', '… to this one, which must be empty, whatever kind each is')
    .action(async (options: MigrateOptions) => done(await migrate(options)));
  netdelta
    .command('backup')
    .description('the whole database as one file, while the bot goes on working')
    .argument('<file>')
    .action(async (file: string) => done(await RUN.backup(file)));
  netdelta
    .command('restore')
    .description('put a backup in the place of the database; the bot must be stopped')
    .argument('<file>')
    .action(async (file: string) => done(await RUN.restore(file)));
  netdelta
    .command('doctor')
    .description('check everything that can be wrong before it is, each with how to fix it')
    .action(async () => done(await RUN.doctor()));
  // Last, because commands that are added later inherit it.
  return netdelta.allowExcessArguments().action(async (_options: unknown, { args: [word] }: Command) => {
    if (word !== undefined) throw unknownCommand(netdelta, word);
    done(await start());
  });
}

type MigrateOptions = { down?: boolean; from?: string; to?: string };

async function migrate({ down, from, to }: MigrateOptions): Promise<number> {
  if (from !== undefined && to !== undefined) return RUN.copy(from, to);
  if (from === undefined && to === undefined) return RUN.migrate(down ?? false);
  throw new UserError('--from and --to go together.', {
    hint: 'netdelta migrate --from sqlite:data/netdelta.sqlite --to postgres://…',
  });
}

/** `npm start`: the platforms that have tokens, and the console on a terminal; without any token the console alone. */
async function start(): Promise<number> {
  const { slack, discord } = await loadConfig();
  const hasPlatform = slack !== undefined || discord !== undefined;
  return hasPlatform && process.stdin.isTTY !== true ? RUN.bot() : RUN.console(false);
}

function unknownCommand(netdelta: Command, word: string): UserError {
  const names = netdelta.commands.map((command) => command.name());
  const near = nearest(word, names);
  const meant = near === undefined ? '' : `Did you mean netdelta ${near}? `;
  return new UserError(`There is no command ${cleanText(word, 60)}.`, {
    hint: `${meant}There are ${names.join(', ')}; see \`netdelta --help\`.`,
  });
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 256) throw new InvalidArgumentError('expected 1 to 256');
  return value;
}

/** One line for the problem, one for the fix. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.wrongUse;
  if (error instanceof ConfigError) {
    io.stderr('The configuration is wrong:');
    for (const problem of error.problems) io.stderr(`  ${problem}`);
    io.stderr('Set these in the environment or in .env, then start again.');
  } else if (error instanceof UserError || error instanceof StorageTrouble) {
    io.stderr(error.message);
    if (error.hint !== undefined) io.stderr(error.hint);
  } else {
    io.stderr(error instanceof Error ? error.message : String(error));
    io.stderr('Run with LOG_LEVEL=debug for more, and `netdelta doctor` to check the set-up.');
  }
  return EXIT.wrongUse;
}

onBrokenOutput();
let exitCode: number = EXIT.ok;
try {
  await program((code) => {
    exitCode = code;
  }).parseAsync();
} catch (error) {
  exitCode = explain(error);
}
leave(exitCode);
