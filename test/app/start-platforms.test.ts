import { pino } from 'pino';
import { expect, it } from 'vitest';
import { startPlatforms } from '../../src/app/start-platforms.ts';
import { readConfig } from '../../src/config.ts';

it('a channel of a platform that is not connected gets a warning, the console’s own does not', async () => {
  const platforms = startPlatforms({
    config: readConfig({}, '/'),
    dispatcher: {
      command: () => Promise.reject(),
      click: () => Promise.reject(),
      complete: async () => [],
      home: () => Promise.reject(),
    },
    log: pino({ level: 'silent' }),
    chats: new Map(),
    sinks: new Map(),
    channels: async () => [],
    claimInteraction: async () => true,
    wake: () => {},
    onAdminNotice: () => {},
    onRejected: () => {},
  });
  const told = async (channel: string) => (await platforms.checkChannel(channel)).join();
  expect(await told('console:main')).toBe('');
  expect(await told('console:ops')).toContain('own channel is console:main');
  expect(await told('slack:C1')).toContain('SLACK_BOT_TOKEN');
  expect(await told('discord:123456')).toContain('DISCORD_TOKEN');
  await platforms.stop();
});
