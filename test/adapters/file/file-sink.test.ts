import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileSink } from '../../../adapters/file/file-sink.ts';
import type { SinkEvent } from '../../../src/core/model/event.ts';
import { DeliveryError } from '../../../src/ports/chat.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'netdelta-file-sink-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const event = (id: string): SinkEvent => ({
  ...{ version: 1, id, at: 1, type: 'test', by: 'console:local', instance: 'x' },
  group: { id: 1, name: 'a\nb\u2028c', site: 'local' },
});

describe('the file sink', () => {
  it('appends one line an event, whatever the event holds, for its owner alone', async () => {
    const sink = createFileSink({ dataDir: directory });
    expect(await sink.check('events')).toEqual([]);
    await sink.send(event('x-1'), 'events');
    await sink.send(event('x-2'), 'events');
    const path = join(directory, 'events', 'events.jsonl');
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { id: 'x-1', group: event('x-1').group },
      { id: 'x-2', version: 1, type: 'test' },
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('that can not be written to says so, and is tried again', async () => {
    writeFileSync(join(directory, 'events'), 'in the way');
    const sink = createFileSink({ dataDir: directory });
    const failed = await sink.send(event('x-1'), 'events').catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(DeliveryError);
    expect(failed).toMatchObject({ retryable: true });
    expect((await sink.check('events')).join()).toContain(join(directory, 'events'));
  });
});
