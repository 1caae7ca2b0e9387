import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasContract } from '../../fakes/discord/contract.ts';
import { type FakeDiscord, startFakeDiscord } from '../../fakes/discord/fake-discord.ts';
import { readable } from '../../fakes/discord/readable.ts';

if (!hasContract)
  console.warn('Discord’s OpenAPI file is not beside the repository: bodies are held against our own checks only');

describe('the local Discord', () => {
  let fake: FakeDiscord;
  beforeEach(async () => {
    fake = await startFakeDiscord();
  });
  afterEach(() => fake.close());

  async function post(body: object, token = fake.world.token): Promise<number> {
    const answer = await fetch(`${fake.apiUrl}/v10/channels/${fake.channel.id}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bot ${token}` },
      body: JSON.stringify({ allowed_mentions: { parse: [] }, ...body }),
    });
    const { code } = (await answer.json()) as { code?: number };
    return code ?? answer.status;
  }

  const button = (id?: string) => ({ type: 2, style: 1, label: 'x', ...(id === undefined ? {} : { custom_id: id }) });
  const row = (...components: object[]) => ({ type: 1, components });

  it('takes a plain message', async () => {
    expect(await post({ content: 'hello' })).toBe(200);
    expect(fake.complaints).toEqual([]);
  });

  it.each([
    ['content over 2,000', { content: 'x'.repeat(2001) }, 50_035],
    ['nothing at all', { content: '' }, 50_006],
    ['a button without custom_id', { content: 'x', components: [row(button())] }, 50_035],
    ['six rows', { content: 'x', components: ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => row(button(id))) }, 50_035],
    ['one custom_id twice', { content: 'x', components: [row(button('a'), button('a'))] }, 50_035],
    ['embeds over 6,000', { embeds: [{ description: 'x'.repeat(4000) }, { description: 'y'.repeat(2001) }] }, 50_035],
    ['mentions that nobody limited', { content: 'x', allowed_mentions: null }, 50_035],
  ])('refuses %s', async (_, body, code) => {
    expect(await post(body)).toBe(code);
  });

  it.runIf(hasContract)('refuses what Discord’s own API description refuses', async () => {
    expect(await post({ embeds: [{ description: 'x'.repeat(4097) }] })).toBe(50_035);
    expect(await post({ content: 'x', nonce: 'n'.repeat(26) })).toBe(50_035);
    expect(fake.complaints.join()).toContain('must NOT have more than 4096 characters');
    expect(fake.complaints).toHaveLength(2);
  });

  it('refuses a wrong token', async () => {
    expect(await post({ content: 'x' }, 'wrong')).toBe(0);
    expect(fake.channel.messages).toEqual([]);
  });

  it('reads markdown like Discord’s client', () => {
    expect(readable('**bold** \\*plain\\* `co*de` <t:0:f>').text).toBe('bold *plain* co*de 1970-01-01T00:00:00.000Z');
    expect(readable('[click](https://evil.example/x) https://a.example').links).toEqual([
      'https://evil.example/x',
      'https://a.example',
    ]);
    expect(readable('<@1> <@&2> @everyone \\<@3>').mentions).toEqual(['1', '2', 'everyone']);
    expect(readable('# head\n- item\n> quote\n-# small').text).toBe('head\nitem\nquote\nsmall');
  });
});
