import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SlackConfig } from '../../../adapters/slack/config.ts';
import { SCOPES } from '../../../adapters/slack/scopes.ts';
import { createSlack, type Slack } from '../../../adapters/slack/slack.ts';
import type { Log } from '../../../src/ports/log.ts';
import { ALL_SCOPES, type FakeSlack, startFakeSlack } from '../../fakes/slack/fake-slack.ts';
import { idleDispatcher, quietLog } from './harness.ts';

let fake: FakeSlack;
beforeEach(async () => {
  fake = await startFakeSlack();
});
afterEach(() => fake.close());

async function slackWith(config: Partial<SlackConfig>, log: Log = quietLog): Promise<Slack> {
  return createSlack({
    config: { botToken: fake.tokens.bot, apiUrl: fake.apiUrl, ...config },
    dispatcher: idleDispatcher(),
    log,
    onAdminNotice: () => {},
    tuning: { timeoutMs: 1_000 },
  });
}

async function said(config: Partial<SlackConfig>): Promise<string[]> {
  const { problems } = await (await slackWith(config)).check();
  return problems.map(({ what, fix }) => `${what} ${fix}`);
}

const app = () => ({ appToken: fake.tokens.app });

describe('each problem with tokens and scopes is one line, with what to do', () => {
  it('nothing, when all is right', async () => {
    expect(await said(app())).toEqual([]);
  });

  it('an unknown bot token', async () => {
    expect(await said({ ...app(), botToken: 'xoxb-wrong' })).toEqual([
      expect.stringMatching(/^Slack does not know SLACK_BOT_TOKEN .*Copy the Bot User OAuth Token/),
    ]);
  });

  it('the two tokens swapped', async () => {
    expect(await said({ botToken: fake.tokens.app, appToken: fake.tokens.bot })).toEqual([
      expect.stringContaining('SLACK_BOT_TOKEN is not a bot token'),
      expect.stringContaining('SLACK_APP_TOKEN is not an app-level token'),
    ]);
  });

  it('an app that was removed', async () => {
    fake.faults.add({ fault: { kind: 'refused', code: 'account_inactive' }, method: 'auth.test' });
    expect(await said(app())).toEqual([expect.stringContaining('was removed from its workspace')]);
  });

  it('an app token without its scope, an unknown one, and Socket Mode switched off', async () => {
    for (const [code, words] of [
      ['missing_scope', 'lacks the scope connections:write'],
      ['invalid_auth', 'does not know SLACK_APP_TOKEN'],
      ['forbidden_team', 'Switch Socket Mode on'],
    ] as const) {
      fake.faults.add({ fault: { kind: 'refused', code }, method: 'apps.connections.open', times: 1 });
      expect(await said(app())).toEqual([expect.stringContaining(words)]);
    }
  });

  it('neither an app token nor a signing secret', async () => {
    expect(await said({})).toEqual([expect.stringContaining('Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET')]);
  });

  it('a client secret in place of the signing secret', async () => {
    expect(await said({ signingSecret: 'no-secret', port: 1 })).toEqual([expect.stringContaining('Signing Secret')]);
  });

  it('each missing scope, by name, with what does not work without it', async () => {
    fake.setScopes(['chat:write', 'commands']);
    const lines = await said(app());
    expect(lines).toHaveLength(Object.keys(SCOPES).length - 2);
    expect(lines.join('\n')).toContain('lacks the scope files:write: long lists are cut');
  });

  it('a Slack that cannot be reached', async () => {
    const gone = await startFakeSlack();
    await gone.close();
    expect(await said({ apiUrl: gone.apiUrl, signingSecret: 'a'.repeat(32) })).toEqual([
      expect.stringMatching(/cannot be reached at http:.*\(ECONNREFUSED\).*SLACK_API_URL/),
    ]);
  });
});

describe('the start', () => {
  it('rejects with that line when nothing can work', async () => {
    const slack = await slackWith({ ...app(), botToken: 'xoxb-wrong' });
    await expect(slack.start()).rejects.toThrow(/^Slack does not know SLACK_BOT_TOKEN/);
  });

  it('warns of missing scopes, a line each, and continues', async () => {
    const lines: string[] = [];
    fake.setScopes(ALL_SCOPES.filter((scope) => scope !== 'usergroups:read'));
    const slack = await slackWith(app(), { ...quietLog, warn: (_fields, message) => lines.push(message) });
    await slack.start();
    await slack.stop();
    expect(lines).toEqual([expect.stringContaining('lacks the scope usergroups:read')]);
  });

  it('writes no token into the log, whatever fails', async () => {
    const lines: string[] = [];
    const write = (fields: object, message: string) => lines.push(JSON.stringify(fields) + message);
    const slack = await slackWith(app(), { debug: write, info: write, warn: write, error: write });
    fake.faults.add({ fault: { kind: 'garbage' } });
    await slack.start().catch(() => undefined);
    fake.faults.clear();
    await slack.start();
    await slack.stop();
    expect(lines.join('\n')).not.toMatch(/xox|xapp-|ticket=[0-9a-f]/);
  });
});

describe('the manifest', () => {
  const manifest = readFileSync(new URL('../../../adapters/slack/manifest.yaml', import.meta.url), 'utf8');

  it('asks for exactly the scopes that are needed, each with its reason', () => {
    const asked = [...manifest.matchAll(/^ {6}- ([a-z.:]+) +# .+$/gm)].map((match) => match[1]);
    expect(asked.sort()).toEqual(Object.keys(SCOPES).sort());
    expect([...ALL_SCOPES].sort()).toEqual(Object.keys(SCOPES).sort());
  });
});
