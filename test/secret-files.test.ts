import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'netdelta-secrets-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('a secret can come from a file, and is then in no environment', async () => {
  await writeFile(join(directory, 'token'), `${'t'.repeat(60)}\n`);
  const { discord } = readConfig({ DISCORD_TOKEN_FILE: join(directory, 'token') }, directory);
  expect(discord?.token).toBe('t'.repeat(60));
});

test('the address and the secret of a webhook can, too', async () => {
  await writeFile(join(directory, 'url'), 'https://hooks.example.com/T0/secret\n');
  await writeFile(join(directory, 'secret'), 's'.repeat(32));
  const env = { WEBHOOK_PAGER_URL_FILE: 'url', WEBHOOK_PAGER_SECRET_FILE: 'secret' };
  expect(readConfig(env, directory).webhook?.hooks).toEqual({
    pager: { url: 'https://hooks.example.com/T0/secret', secret: 's'.repeat(32) },
  });
});

test('a file that is missing, empty or next to the value itself is a problem, reported without the value', async () => {
  await writeFile(join(directory, 'empty'), '\n');
  const env = {
    DISCORD_TOKEN_FILE: 'missing',
    REDIS_URL_FILE: 'empty',
    SLACK_SIGNING_SECRET_FILE: 'missing',
    SLACK_SIGNING_SECRET: 'a secret of ours',
  };
  const problems = (() => {
    try {
      readConfig(env, directory);
      return '';
    } catch (error) {
      return String(error);
    }
  })();
  expect(problems).toContain("DISCORD_TOKEN_FILE: missing can't be read (ENOENT)");
  expect(problems).toContain('REDIS_URL_FILE: empty is empty');
  expect(problems).toContain('SLACK_SIGNING_SECRET_FILE: SLACK_SIGNING_SECRET is set too');
  expect(problems).not.toContain('a secret of ours');
});

test('an empty list of allowed networks is refused instead of taken for the defaults', () => {
  expect(() => readConfig({ NETDELTA_ALLOWED_TARGETS: '' }, directory)).toThrow(
    'is empty, so nothing could be scanned',
  );
  expect(() => readConfig({ NETDELTA_ALLOWED_TARGETS: '10.0.0.0/8' }, directory)).not.toThrow();
});

test('the addresses of cloud metadata services may not be scanned unless they are listed', () => {
  expect(readConfig({}, directory).allowedTargets.join(' ')).not.toContain('169.254');
});
