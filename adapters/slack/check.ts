import { webApi } from '@slack/bolt';
import type { Log } from '../../src/ports/log.ts';
import { createClient, type SlackConfig, type SlackTuning } from './config.ts';
import { deliveryError } from './outbound/api-error.ts';
import { missingScopes, SCOPES } from './scopes.ts';

/** `fatal`: nothing works with it. */
export type Problem = { what: string; fix: string; fatal: boolean };

export type Identity = { teamId: string; enterpriseId?: string; botId: string; botUserId: string; team: string };

export type Checked = { problems: Problem[]; identity?: Identity };

const APP = 'https://api.slack.com/apps, your app';

/** Everything that can be wrong with tokens and scopes, one line each. */
export async function checkSlack(config: SlackConfig, tuning: SlackTuning, log: Log): Promise<Checked> {
  const bot = await checkBotToken(config, tuning, log);
  const mode =
    config.appToken === undefined ? checkHttp(config) : await checkAppToken(config, config.appToken, tuning, log);
  return { ...bot, problems: [...bot.problems, ...mode] };
}

async function checkBotToken(config: SlackConfig, tuning: SlackTuning, log: Log): Promise<Checked> {
  try {
    const answer = await createClient(config.botToken, config, tuning, log).auth.test();
    const { team_id: teamId, bot_id: botId, user_id: botUserId, enterprise_id: enterpriseId, team } = answer;
    if (teamId === undefined || botId === undefined || botUserId === undefined) {
      return { problems: [wrongKind('SLACK_BOT_TOKEN', 'a bot', 'OAuth & Permissions', 'xoxb-')] };
    }
    const identity = { teamId, botId, botUserId, team: team ?? teamId };
    return {
      problems: scopeProblems(answer.response_metadata?.scopes),
      identity: enterpriseId === undefined ? identity : { ...identity, enterpriseId },
    };
  } catch (error) {
    return { problems: [botTokenProblem(error, config)] };
  }
}

/** Slack lists the granted scopes in every response; a proxy may remove them. */
function scopeProblems(granted: readonly string[] | undefined): Problem[] {
  if (granted === undefined) return [];
  return missingScopes(granted).map((scope) => ({
    what: `The Slack app lacks the scope ${scope}: ${SCOPES[scope]}.`,
    fix: `Add ${scope} at ${APP}, OAuth & Permissions, Bot Token Scopes; then "Reinstall to Workspace".`,
    fatal: scope === 'chat:write',
  }));
}

function botTokenProblem(error: unknown, config: SlackConfig): Problem {
  const { code } = deliveryError(error);
  switch (code) {
    case 'invalid_auth':
    case 'not_authed':
    case 'token_expired':
      return {
        what: `Slack does not know SLACK_BOT_TOKEN (${code}).`,
        fix: `Copy the Bot User OAuth Token (xoxb-…) again from ${APP}, OAuth & Permissions.`,
        fatal: true,
      };
    case 'token_revoked':
    case 'account_inactive':
      return {
        what: `The Slack app was removed from its workspace (${code}).`,
        fix: `Install it again at ${APP}, Install App, and set SLACK_BOT_TOKEN to the new token.`,
        fatal: true,
      };
    case 'not_allowed_token_type':
      return wrongKind('SLACK_BOT_TOKEN', 'a bot', 'OAuth & Permissions', 'xoxb-');
    default:
      return unreachable(error, config);
  }
}

async function checkAppToken(config: SlackConfig, appToken: string, tuning: SlackTuning, log: Log): Promise<Problem[]> {
  try {
    await createClient(appToken, config, tuning, log).apps.connections.open({});
    return [];
  } catch (error) {
    return [appTokenProblem(error, config)];
  }
}

function appTokenProblem(error: unknown, config: SlackConfig): Problem {
  const { code } = deliveryError(error);
  const making = `${APP}, Basic Information, App-Level Tokens, with the scope connections:write`;
  if (code === 'not_allowed_token_type') {
    return wrongKind('SLACK_APP_TOKEN', 'an app-level', 'Basic Information, App-Level Tokens', 'xapp-');
  }
  if (code === 'missing_scope') {
    return { what: 'SLACK_APP_TOKEN lacks the scope connections:write.', fix: `Make one at ${making}.`, fatal: true };
  }
  if (!(error instanceof webApi.WebAPIPlatformError)) return unreachable(error, config);
  if (/auth|token|account/.test(code)) {
    return { what: `Slack does not know SLACK_APP_TOKEN (${code}).`, fix: `Make one at ${making}.`, fatal: true };
  }
  return {
    what: `Slack opens no socket (${code}).`,
    fix: `Switch Socket Mode on at ${APP}, Socket Mode.`,
    fatal: true,
  };
}

function checkHttp({ signingSecret }: SlackConfig): Problem[] {
  if (signingSecret === undefined || signingSecret === '') {
    return [
      {
        what: 'Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set, so Slack cannot reach NetDelta.',
        fix: `Set SLACK_APP_TOKEN (xapp-…, from ${APP}, Basic Information, App-Level Tokens), or SLACK_SIGNING_SECRET and PORT for HTTP.`,
        fatal: true,
      },
    ];
  }
  if (/^[0-9a-f]{32}$/.test(signingSecret)) return [];
  return [
    {
      what: 'SLACK_SIGNING_SECRET does not look like one (32 hexadecimal digits).',
      fix: `Copy the Signing Secret, not the Client Secret, from ${APP}, Basic Information.`,
      fatal: false,
    },
  ];
}

function wrongKind(variable: string, kind: string, where: string, start: string): Problem {
  return {
    what: `${variable} is not ${kind} token.`,
    fix: `Set it to the one that starts with ${start} (${APP}, ${where}).`,
    fatal: true,
  };
}

function unreachable(error: unknown, { apiUrl }: SlackConfig): Problem {
  const { code } = deliveryError(error);
  const url = apiUrl ?? 'https://slack.com/api/';
  return {
    what: `Slack cannot be reached at ${url} (${code}).`,
    fix:
      apiUrl === undefined ? 'Check network, proxy and DNS of this machine.' : 'Check SLACK_API_URL; it ends in /api/.',
    fatal: true,
  };
}
