import { expect, it } from 'vitest';
import { createRefusalCounts } from '../../src/app/refusal-counts.ts';
import type { AuditEntry } from '../../src/ports/store.ts';

it('thousands of refused requests are one entry for each source, and few in total', async () => {
  const written: Omit<AuditEntry, 'id'>[] = [];
  const counts = createRefusalCounts({ now: () => 1_000, write: async (entry) => void written.push(entry) });
  for (let index = 0; index < 5_930; index++) counts.count('slack', '192.0.2.1');
  for (let index = 0; index < 1_000; index++) counts.count('slack', `198.51.100.${index}`);
  expect(written).toEqual([]);
  await counts.stop();
  expect(written).toHaveLength(21);
  expect(written[0]).toEqual({
    at: 1_000,
    who: 'slack:unknown',
    name: '192.0.2.1',
    channel: 'slack:http',
    outcome: 'refused',
    request: '5930 requests within a minute not signed, too old, too new or repeated',
  });
  expect(written.at(-1)).toMatchObject({ name: 'others', request: expect.stringContaining('981 requests') });
});
