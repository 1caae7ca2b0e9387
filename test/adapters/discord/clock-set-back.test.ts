import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApi } from '../../../adapters/discord/outbound/api.ts';
import { type FakeDiscord, startFakeDiscord } from '../../fakes/discord/fake-discord.ts';

const HOURS_2 = 7_200_000;

let discord: FakeDiscord;
beforeEach(async () => {
  discord = await startFakeDiscord();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await discord.close();
});

describe('a limit of Discord', () => {
  it('does not last for hours when the clock is set back', async () => {
    const rest = { retries: 0, rejectOnRateLimit: () => true };
    const api = createApi({ token: discord.world.token, apiUrl: discord.apiUrl, deadlineMs: 5_000, rest });
    const post = () =>
      api.post<object>(`/channels/${discord.channel.id}/messages`, {
        body: { content: 'hello', allowed_mentions: { parse: [] } },
      });
    discord.faults.add({ kind: 'rate-limit-global', retryAfter: 1 });
    await expect(post()).rejects.toMatchObject({ name: expect.stringContaining('RateLimitError') });
    discord.faults.clear();
    const real = Date.now.bind(Date);
    vi.spyOn(Date, 'now').mockImplementation(() => real() - HOURS_2);
    await post();
    expect(discord.channel.messages).toHaveLength(1);
    api.close();
  });
});
