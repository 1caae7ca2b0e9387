import type { Fault as DiscordFault } from '../fakes/discord/faults.ts';
import type { Fault as SlackFault } from '../fakes/slack/faults.ts';
import type { Fault } from './faults.ts';
import { alertsInDiscord, alertsInSlack } from './told.ts';

/** For posts and edits alike; how many times each call meets it. */
function inSlack(name: string, fault: SlackFault, times: number): Fault {
  return {
    name: `Slack ${name}`,
    async strike({ slack }) {
      for (const method of ['chat.postMessage', 'chat.update']) slack.faults.add({ fault, method, times });
    },
  };
}

function inDiscord(name: string, fault: DiscordFault, times: number): Fault {
  return {
    name: `Discord ${name}`,
    async strike({ discord }) {
      discord.faults.add({ ...fault, method: 'POST', path: /^\/channels\/\d+\/messages$/, times });
      discord.faults.add({ ...fault, method: 'PATCH', path: /^\/channels\/\d+\/messages\/\d+$/, times });
    },
  };
}

export function chatFaults(): Fault[] {
  return [
    inSlack('answers 500', { kind: 'error', status: 500 }, 3),
    inSlack('answers 429', { kind: 'rate-limited', seconds: 2 }, 2),
    inSlack('hangs', { kind: 'hang' }, 1),
    inSlack('drops', { kind: 'drop' }, 3),
    inSlack('accepts, then drops', { kind: 'accept-then-drop' }, 2),
    inSlack('answers garbage', { kind: 'garbage' }, 1),
    {
      name: 'Slack’s socket cut',
      async strike({ slack }) {
        slack.sockets.drop();
      },
    },
    {
      name: 'alert deleted in Slack',
      async strike({ slack, first }) {
        const { messages } = slack.workspace;
        for (const message of alertsInSlack(slack, first.port)) messages.splice(messages.indexOf(message), 1);
      },
    },
    inDiscord('answers 500', { kind: 'error' }, 3),
    inDiscord('answers 429', { kind: 'rate-limit', retryAfter: 2 }, 2),
    inDiscord('hangs', { kind: 'hang' }, 1),
    inDiscord('drops', { kind: 'drop' }, 3),
    inDiscord('accepts, then drops', { kind: 'lose-answer' }, 2),
    {
      name: 'Discord’s gateway cut',
      async strike({ discord }) {
        discord.gateway.drop();
      },
    },
    {
      name: 'alert deleted in Discord',
      async strike({ discord, first }) {
        const gone = alertsInDiscord(discord, first.port);
        discord.channel.messages = discord.channel.messages.filter((message) => !gone.includes(message));
      },
    },
  ];
}
