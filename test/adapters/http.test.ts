import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startHealthServer } from '../../adapters/http/health-server.ts';
import { createMetrics, type MetricSources } from '../../adapters/http/metrics.ts';
import { openFreshStore } from '../fresh-store.ts';
import { quiet } from '../usecases/workshop.ts';
import { temporaryDirectory } from './sequelize/databases.ts';
import { addGroup, tell } from './store-contract/samples.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function filledStore() {
  const directory = temporaryDirectory();
  closing.push(directory.remove);
  const store = await openFreshStore(join(directory.path, 'n.sqlite'));
  closing.push(() => store.close());
  const group = await addGroup(store);
  await tell(store, group.id, ['10.0.0.1']);
  return store;
}

async function sources(more: Partial<MetricSources> = {}): Promise<MetricSources> {
  const store = await filledStore();
  return {
    figures: store.figures,
    queue: async () => ({ sites: [{ site: 'dmz', workers: 1, waiting: 2, active: 0, delayed: 0 }] }),
    trouble: () => undefined,
    chats: () => [{ platform: 'slack', connected: false }],
    now: Date.now,
    ...more,
  };
}

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

describe('the metrics', () => {
  it('count everything by kind, grade and risk', async () => {
    const text = await createMetrics(await sources()).text();
    expect(text).toMatch(/netdelta_scans\{status="done"\} 1/);
    expect(text).toMatch(/netdelta_deltas\{kind="[a-z-]+",grade="[a-z]+",risk="[a-z]+",state="confirmed"\} 1/);
    expect(text).toContain('netdelta_workers{site="dmz"} 1');
    expect(text).toContain('netdelta_chat_connected{platform="slack"} 0');
    expect(text).toContain('netdelta_up{part="database"} 1');
  });

  it('name the part that does not answer, and are served nevertheless', async () => {
    const broken = async () => Promise.reject(new Error('no'));
    const text = await createMetrics(await sources({ figures: broken, trouble: () => 'full' })).text();
    expect(text).toContain('netdelta_up{part="database"} 0');
    expect(text).toContain('netdelta_up{part="queue"} 1');
    expect(text).toContain('netdelta_storage_trouble{kind="full"} 1');
  });

  it.runIf(hasPromtool)('and the alert rules are accepted by Prometheus', async () => {
    const text = await createMetrics(await sources()).text();
    expect(execFileSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })).toBe('');
    expect(execFileSync('promtool', ['check', 'rules', 'adapters/http/alerts.yml'], { encoding: 'utf8' })).toContain(
      'SUCCESS',
    );
  });

  it('have every name that the dashboard and the rules use', async () => {
    const text = await createMetrics(await sources()).text();
    const asked = `${readFileSync('adapters/http/dashboard.json', 'utf8')} ${readFileSync('adapters/http/alerts.yml', 'utf8')}`;
    const names = new Set(asked.match(/netdelta_[a-z_]+/g));
    expect([...names].filter((name) => !text.includes(`# TYPE ${name.replace(/_bucket$/, '')} `))).toEqual([]);
  });
});

describe('the health server', () => {
  async function serve(problems: readonly string[]) {
    const metrics = createMetrics(await sources());
    const ready = async () => ({ database: [], chats: problems });
    const server = await startHealthServer({ host: '127.0.0.1', port: 0, ready, metrics, log: quiet });
    closing.push(server.close);
    return async (path: string, method = 'GET') => {
      const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
      return { status: response.status, text: await response.text() };
    };
  }

  it('is healthy while it lives, and ready when every part is', async () => {
    const get = await serve([]);
    expect(await get('/healthz')).toEqual({ status: 200, text: 'ok\n' });
    expect(await get('/readyz')).toEqual({ status: 200, text: 'database: ok\nchats: ok\n' });
    expect((await get('/metrics')).text).toContain('netdelta_up');
  });

  it('says what is not ready', async () => {
    const get = await serve(['slack is not connected']);
    expect(await get('/readyz')).toEqual({ status: 503, text: 'database: ok\nchats: slack is not connected\n' });
    expect((await get('/healthz')).status).toBe(200);
  });

  it('accepts only GET', async () => {
    const get = await serve([]);
    expect((await get('/metrics', 'POST')).status).toBe(405);
    expect((await get('/else')).status).toBe(404);
  });
});
