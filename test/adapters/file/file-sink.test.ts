import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileSink } from '../../../adapters/file/file-sink.ts';
import type { SinkEvent } from '../../../src/core/model/event.ts';
import { DeliveryError } from '../../../src/ports/chat.ts';
import { later } from '../sink-samples.ts';

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
  it('appends one line per event, whatever the event contains, readable by its owner alone', async () => {
    const sink = createFileSink({ dataDir: directory });
    expect(await sink.check('events')).toEqual([]);
    await sink.send(event('x-1'), 'events', later);
    await sink.send(event('x-2'), 'events', later);
    const path = join(directory, 'events', 'events.jsonl');
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { id: 'x-1', group: event('x-1').group },
      { id: 'x-2', version: 1, type: 'test' },
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('given up while the file system hangs has not written twice when the file system recovers', async () => {
    mkdirSync(join(directory, 'events'));
    const path = join(directory, 'events', 'events.jsonl');
    // Opening a pipe that nobody reads hangs, like any call on a disk that is away.
    execFileSync('mkfifo', [path]);
    const sink = createFileSink({ dataDir: directory });
    for (const id of ['x-1', 'x-1']) {
      const patience = new AbortController();
      const hangs = sink.send(event(id), 'events', patience.signal);
      patience.abort();
      await expect(hangs).rejects.toMatchObject({ code: 'file_deadline', retryable: true });
    }
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    await sink.send(event('x-1'), 'events', later);
    await sink.send(event('x-2'), 'events', later);
    const lines = readSome(reader).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(['x-1', 'x-2']);
  });

  it.runIf(process.getuid?.() === 0)('on a full disk leaves no partial line', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'none', directory]);
    try {
      const sink = createFileSink({ dataDir: directory });
      const path = join(directory, 'events', 'events.jsonl');
      const filled = async () => {
        for (let id = 1; ; id++) {
          const failed = await sink.send(event(`x-${id}`), 'events', later).catch((error: unknown) => error);
          if (failed !== undefined) return failed;
        }
      };
      expect(await filled()).toMatchObject({ code: 'file_ENOSPC', retryable: true });
      for (const line of readFileSync(path, 'utf8').trimEnd().split('\n')) expect(JSON.parse(line)).toBeDefined();
    } finally {
      execFileSync('umount', [directory]);
    }
  });

  it('that can not be written to says so, and is retried', async () => {
    writeFileSync(join(directory, 'events'), 'in the way');
    const sink = createFileSink({ dataDir: directory });
    const failed = await sink.send(event('x-1'), 'events', later).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(DeliveryError);
    expect(failed).toMatchObject({ retryable: true });
    expect((await sink.check('events')).join()).toContain(join(directory, 'events'));
  });
});

function readSome(file: number): string {
  const buffer = Buffer.alloc(65_536);
  const size = readSync(file, buffer);
  closeSync(file);
  return buffer.toString('utf8', 0, size);
}
