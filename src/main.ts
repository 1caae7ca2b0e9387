#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { createReader } from './app/reader.ts';
import { runBot } from './cli/bot.ts';
import { runConsoleCommand } from './cli/console.ts';
import { runDiff } from './cli/diff.ts';
import { runDoctor } from './cli/doctor.ts';
import { EXIT, type Io } from './cli/io.ts';
import { runMigrate } from './cli/migrate.ts';
import { runReplay } from './cli/replay.ts';
import { runWorker } from './cli/worker.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { UserError } from './core/errors.ts';

const io: Io = {
  stdout: (line) => process.stdout.write(`${line}\n`),
  stderr: (line) => process.stderr.write(`${line}\n`),
};

const loadConfig = (): Config => readConfig(process.env, process.cwd());

function program(done: (code: number) => void): Command {
  const netdelta = new Command('netdelta')
    .description('Watches networks for change, and tells it in Slack, Discord or here.')
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(text) });
  netdelta.action(async () => done(await start()));
  netdelta
    .command('bot')
    .description('the bot alone, on the platforms that have tokens')
    .action(async () => done(await runBot(loadConfig(), io)));
  netdelta
    .command('console')
    .description('the chat on this terminal; from a pipe, one JSON event a line')
    .option('--json', 'one JSON event a line')
    .action(async (options: { json?: boolean }) =>
      done(await runConsoleCommand(loadConfig(), io, options.json ?? false)),
    );
  netdelta
    .command('worker')
    .description('scanning alone, on any machine that reaches Redis')
    .option('--site <name>', 'the groups of which site it scans', 'local')
    .option('--concurrency <n>', 'nmap processes at once', positiveInteger, 2)
    .action(async (options: { site: string; concurrency: number }) => done(await runWorker(loadConfig(), io, options)));
  netdelta
    .command('diff')
    .description('compare two nmap XML files; exit code 0: no delta, 1: deltas, 2: error')
    .argument('<old>')
    .argument('<new>')
    .option('--json', 'one JSON document')
    .action(async (older: string, newer: string, options: { json?: boolean }) =>
      done(await runDiff([older, newer, ...(options.json === true ? ['--json'] : [])], io, createReader())),
    );
  netdelta
    .command('replay')
    .description('run recorded scans through the judge; options are those of a group, e.g. --down-after 3')
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(async (_options: unknown, command: Command) => done(await runReplay(command.args, io, createReader())));
  netdelta
    .command('migrate')
    .description('bring the database up to date, or one step back')
    .option('--down', 'take the newest migration back')
    .action(async (options: { down?: boolean }) => done(await runMigrate(loadConfig(), io, options.down ?? false)));
  netdelta
    .command('doctor')
    .description('check everything that can be wrong before it is, each with how to mend it')
    .action(async () => done(await runDoctor(loadConfig(), io)));
  return netdelta;
}

/** `npm start`: what there are tokens for, and the console on a terminal; without any token the console alone. */
async function start(): Promise<number> {
  const config = loadConfig();
  const platforms = config.slack !== undefined || config.discord !== undefined;
  return platforms && process.stdin.isTTY !== true ? runBot(config, io) : runConsoleCommand(config, io, false);
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 256) throw new InvalidArgumentError('expected 1 to 256');
  return value;
}

/** One line what, one line what to do. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.wrongUse;
  if (error instanceof ConfigError) {
    io.stderr('The configuration is wrong:');
    for (const problem of error.problems) io.stderr(`  ${problem}`);
    io.stderr('Set these in the environment or in .env, then start again.');
  } else if (error instanceof UserError) {
    io.stderr(error.message);
    if (error.hint !== undefined) io.stderr(error.hint);
  } else {
    io.stderr(error instanceof Error ? error.message : String(error));
    io.stderr('Run with LOG_LEVEL=debug for more, and `netdelta doctor` to check the set-up.');
  }
  return EXIT.wrongUse;
}

/** A reader that stops reading (`| head`) is no error of ours. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  throw error;
});

let exitCode: number = EXIT.ok;
try {
  await program((code) => {
    exitCode = code;
  }).parseAsync();
} catch (error) {
  exitCode = explain(error);
}
process.exitCode = exitCode;
