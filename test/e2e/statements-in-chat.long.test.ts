import { expect, it } from 'vitest';
import type { Config } from '../../src/config.ts';
import { startFakeDiscord } from '../fakes/discord/fake-discord.ts';
import { answersOf, settled } from '../fakes/discord/interaction.ts';
import { eventually, inSession, type Session } from './slack-session.ts';

/** One bot in Slack and in Discord: what is said in one of them holds in the other as well. */
type Both = {
  session: Session;
  /** The same command in both, `typed` in Slack and filled in in Discord: each answers with these words. */
  ask(typed: string, path: string, options: Record<string, string | number>, words: RegExp): Promise<void>;
  channel: string;
  discord(path: string, options: Record<string, string | number>): Promise<{ text: string; labels: string[] }>;
  /** What is in both channels, or in a thread there. */
  posted(words: RegExp): Promise<void>;
  scan(number: number): Promise<void>;
};

async function inBoth(work: (both: Both) => Promise<void>): Promise<void> {
  const discord = await startFakeDiscord();
  const alice = discord.addUser('alice');
  try {
    await inSession(async (session) => {
      const config: Partial<Config> = {
        discord: { token: discord.world.token, guildId: discord.guild.id, apiUrl: discord.apiUrl },
        admins: ['slack:U0ALICE', `discord:${alice.id}`],
      };
      await session.start(config);
      const command: Both['discord'] = async (path, options) => {
        const interaction = await settled(
          await discord.slash(path, options, { user: alice, channel: discord.channel }),
        );
        const seen = answersOf(interaction).map((message) => discord.see(message));
        return {
          text: seen.map(({ text }) => text).join('\n'),
          labels: seen.flatMap(({ menus }) => menus.flatMap(({ label, options: choices }) => [label, ...choices])),
        };
      };
      await work({
        session,
        discord: command,
        channel: `discord:${discord.channel.id}`,
        async ask(typed, path, options, words) {
          await session.say(`/netdelta ${typed}`, words);
          expect((await command(path, options)).text, path).toMatch(words);
        },
        async posted(words) {
          const { fake } = session;
          const inSlack = () =>
            fake.messagesIn('C0ALERTS').flatMap((one) => [one, ...fake.repliesTo(one)].map(fake.textOf));
          const inDiscord = () =>
            discord.channel.messages
              .flatMap((one) => [one, ...(discord.threadOn(one.id)?.messages ?? [])])
              .map((one) => discord.see(one).text);
          await eventually(() => inSlack().join('\n')).toMatch(words);
          await eventually(() => inDiscord().join('\n')).toMatch(words);
        },
        async scan(number) {
          await session.scan(number);
        },
      });
    });
    expect(discord.complaints).toEqual([]);
  } finally {
    await discord.close();
  }
}

it(
  'what NetDelta says is so in Slack and in Discord alike: scans, open work, holds, approvals',
  () =>
    inBoth(async ({ session, channel, ask, discord, posted, scan }) => {
      const [web, shell, wiki] = [await session.freePort(), await session.freePort(), await session.freePort()];
      const options = `ports:${[web, shell, wiki].join(',')} profile:quick learn:1 confirm:off`;
      await session.say(`/netdelta group add lab 127.0.0.1 ${options}`, /lab added/);
      await session.say(`/netdelta alert route lab to:${channel}`, /Alerts of lab go to/);
      await scan(1);
      const server = await session.open(web);
      await scan(2);
      await posted(new RegExp(`${web}/tcp opened on 127\\.0\\.0\\.1 \\(lab\\)`));

      // 1. An old scan shows what it saw.
      await ask('scan status 1', 'scan status', { id: '1' }, /1 host up, 0 open ports/);
      await ask('scan status 2', 'scan status', { id: '2' }, /1 host up, 1 open port/);
      // 2. A place that is not connected waits, visibly.
      await ask('alert route lab to:console:main', 'alert route', { group: 'lab', to: 'console:other' }, /waits: /);
      // 3. A recheck answers its question.
      await session.say('/netdelta delta recheck 1', /Checking it again/);
      await posted(new RegExp(`Recheck: ${web}/tcp on 127\\.0\\.0\\.1 is still open \\(lab\\)`));
      // 4. What can't come true is refused; an edit says from what to what.
      const impossible = { group: 'lab', what: '127.0.0.1:443/udp', until: '1d' };
      await ask('expect add lab 127.0.0.1:443/udp until:1d', 'expect add', impossible, /no scan would see it/);
      await session.say('/netdelta group edit lab down-after:2', /down-after: 3 → 2/);
      expect((await discord('group edit', { group: 'lab', 'down-after': 4 })).text).toContain('down-after: 2 → 4');
      // 5. A choice says what it does.
      expect((await discord('delta list', {})).labels.join()).toMatch(/Acknowledge #?1/);

      // 6. What was held back is open when the mute ends, and said once in both.
      await session.say('/netdelta mute add lab for:1h', /Mute 1 added/);
      const second = await session.open(shell);
      await scan(4);
      await ask('status', 'status', {}, /mute 1 lab until/);
      await ask('delta list', 'delta list', {}, /1 delta /);
      expect((await discord('mute remove', { id: '1' })).text).toContain('1 change still holds and is open now');
      await ask('delta list', 'delta list', {}, /2 deltas/);
      // 7. Opposites are one item, with what is true now.
      await session.close(server);
      await scan(5);
      await ask('delta list', 'delta list', {}, /1 delta /);
      const again = await session.open(web);
      await scan(6);
      await posted(/now: open again since/);
      await ask('delta list', 'delta list', {}, /2 deltas/);
      // 8. An approved change is reported as such, with its ticket, and asks nobody.
      await session.say(`/netdelta expect add lab 127.0.0.1:${wiki} until:1d ticket:CHG-7`, /CHG-7/);
      const third = await session.open(wiki);
      await scan(7);
      await posted(/CHG-7/);
      await ask('delta list', 'delta list', {}, /2 deltas/);
      // What goes to the place that is not connected is not called delivered.
      await ask('delivery list', 'delivery list', {}, /console:(?:main|other)/);
      // 9. Ways through; an answer by filter shows first what it would take.
      await ask(`delta list port:${shell}`, 'delta list', { port: shell }, /1 delta /);
      await ask(`delta ack port:${shell}`, 'delta ack', { port: shell }, new RegExp(`${shell}/tcp`));
      await ask('delta list', 'delta list', {}, /2 deltas/);
      await ask(`service find port:${wiki}`, 'service find', { port: String(wiki) }, /CHG-7/);
      // 10. Who approved what, and what is to be known of it.
      await session.say(`/netdelta note add 127.0.0.1:${wiki} "the wiki" tags:prod`, /wiki/);
      expect((await discord('group approve', { group: 'lab', note: 'CHG-8' })).text).toContain('CHG-8');
      await ask('host list tag:prod', 'host list', { tag: 'prod' }, /127\.0\.0\.1/);
      await ask(
        'host show 127.0.0.1',
        'host show',
        { address: '127.0.0.1' },
        /the wiki[\s\S]*CHG-8|CHG-8[\s\S]*the wiki/,
      );
      for (const one of [second, again, third]) await session.close(one);
    }),
  240_000,
);
