import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportPage } from '../../../adapters/charts/page.ts';
import { PALETTES } from '../../../adapters/charts/palette.ts';
import { posterPng, posterSvg } from '../../../adapters/charts/poster.ts';
import { drawReport } from '../../../src/app/report-thread.ts';
import { reportCard, reportCsv, reportFigures } from '../../../src/cards/report.ts';
import { type Report, reportOf, WEEK_MS } from '../../../src/core/report/report.ts';
import { amount } from '../../thorough.ts';
import { contrast, difference, EYES } from './colour-vision.ts';

const TO = Date.UTC(2026, 10, 24, 12);
const FROM = TO - 13 * WEEK_MS;
const [HOUR, DAY] = [3_600_000, 86_400_000];
const HOSTILE = '</script><img src=x onerror=alert(1)> =cmd|calc';

const ATTACHED = { name: 'report.png', mimeType: 'image/png', content: new Uint8Array(), when: 'always' } as const;

function report(): Report {
  const weeks = Array.from({ length: 13 }, (_, week) => week);
  const kinds = ['service-added', 'service-removed', 'host-down', 'host-recovered'] as const;
  return reportOf(
    {
      changes: weeks.flatMap((week) => kinds.map((kind, at) => ({ week, kind, count: (week * (at + 2)) % 9 }))),
      answers: [
        { groupId: 1, answer: 'open', grade: 'green', count: 4 },
        { groupId: 1, answer: 'acknowledged', grade: 'green', count: 96 },
        { groupId: 1, answer: 'false-alarm', grade: 'amber', count: 3 },
        { groupId: 1, answer: 'acknowledged', grade: 'amber', count: 9 },
      ],
      waits: [60_000, 3_600_000, 7_200_000],
      codes: [
        { groupId: 1, code: 'unchanged', count: 230 },
        { groupId: 1, code: 'services-added', count: 12 },
        { groupId: 1, code: 'down', count: 3 },
        { groupId: 1, code: 'undetermined', count: 2 },
      ],
      services: [{ week: -1, up: 900, down: 20 }, ...weeks.map((week) => ({ week, up: 9, down: week }))],
      noisiest: [{ groupId: 1, address: '10.0.0.5', count: 41 }],
      unstable: [{ groupId: 1, subject: '10.0.0.9 443/tcp', count: 7 }],
      scans: [
        { groupId: 1, done: 90, failed: 1, lastDone: TO - HOUR },
        { groupId: 2, done: 1200, failed: 0, lastDone: TO - 40 * DAY },
      ],
      unseenSince: [{ groupId: 1, since: TO - 12 * DAY }],
      unseen: [
        { groupId: 1, address: '10.0.0.9', since: TO - 12 * DAY, what: 'host' },
        { groupId: 1, address: '10.0.0.7', since: TO - 5 * HOUR, what: 'ports' },
      ],
    },
    {
      ...{ title: 'Report on office', from: FROM, to: TO },
      groups: [
        { id: 1, name: HOSTILE },
        { id: 2, name: 'branch' },
        { id: 3, name: 'lab' },
      ],
    },
  );
}

describe('a report', () => {
  it('counts what was open, answered and false, and how many services there were', () => {
    const { groups, calibration, timeToAcknowledge, services } = report();
    expect(groups[0]).toMatchObject({ open: 4, answered: 108, hostsUp: 242, scansFailed: 1 });
    expect(calibration.map(({ answered, falseAlarms }) => [answered, falseAlarms])).toEqual([
      [96, 0],
      [12, 3],
      [0, 0],
    ]);
    expect(timeToAcknowledge).toBe(3_600_000);
    expect(reportFigures({ ...report(), timeToAcknowledge: 4000 })).toContainEqual({
      label: 'to acknowledge',
      value: 'under 1 min',
    });
    expect([services[0], services.at(-1)]).toEqual([889, 919]);
  });

  it('shows since when groups and hosts were not seen, as a table, a card and a picture', () => {
    const csv = reportCsv(report());
    expect(csv).toContain(
      '10.0.0.9,</script><img src=x onerror=alert(1)> =cmd|calc,whether it is up,2026-11-12T12:00:00.000Z,12 d',
    );
    expect(csv).toContain('its ports,2026-11-24T07:00:00.000Z,5 h');
    const [office, branch, lab] = csv.split('\r\n').slice(2, 5);
    expect(office).toMatch(/,2,12 d,90,1,2026-11-24T11:00:00.000Z,60 min$/);
    expect(branch).toMatch(/^branch,0,0,0,0,0,,1200,0,2026-10-15T12:00:00.000Z,40 d$/);
    expect(lab).toMatch(/,0,0,never,$/);
    const lines = ['lab: never scanned', 'branch: not scanned for 40 d, since 2026-10-15'];
    const { sections } = reportCard(report(), ATTACHED);
    expect(sections).toContainEqual({
      type: 'list',
      items: [...lines, `10.0.0.9: 12 d, since 2026-11-12 (${HOSTILE})`, 'and 1 more'],
    });
    const svg = posterSvg(report(), 'light');
    for (const words of [...lines, 'for up to 12 d', 'Not seen for longest']) expect(svg).toContain(`>${words}</text>`);
    const complete = { ...report(), unseen: [], groups: report().groups.slice(0, 1) };
    expect(posterSvg(complete, 'light')).not.toContain('Not seen for longest');
    expect(JSON.stringify(reportCard(complete, ATTACHED))).not.toContain('for longest');
  });

  it('as CSV runs no formula in a hostile name', () => {
    const hostile = reportCsv({ ...report(), noisiest: [{ address: '=1+1', group: '＝cmd', count: 1 }] });
    expect(hostile).toContain("'=1+1,'＝cmd,1");
  });

  it('is drawn as a picture off the event loop, with the font that is shipped', async () => {
    const png = Buffer.from(await drawReport(Promise.resolve(report()), 'png', 'dark'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(860);
    const blank = posterPng({ ...report(), title: ' ' }, 'dark');
    expect(blank.equals(posterPng(report(), 'dark'))).toBe(false);
  });

  it('has bars, lines and labels in its charts, where they belong', () => {
    const svg = posterSvg(report(), 'light');
    expect(svg).not.toMatch(/NaN|undefined/);
    const drawn = [...svg.matchAll(/<path d="(M[^"]{9,})"/g)].length;
    // 13 weeks of stacked bars, three bars, a line, and the lines of the axes.
    expect(drawn).toBeGreaterThan(50);
    for (const label of ['09-08', 'service added', 'unchanged', '230']) expect(svg).toContain(`>${label}</text>`);
  });

  it('that can’t be counted is not drawn', async () => {
    await expect(drawReport(Promise.reject(new Error('the database is away')), 'png', 'dark')).rejects.toThrow('away');
  });

  it('has no text in its picture that is too small for a phone', () => {
    const sizes = [...posterSvg(report(), 'light').matchAll(/font-size[:=]"?(\d+)/g)].map(([, size]) => Number(size));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(20);
  });

  it.each(Object.keys(EYES) as (keyof typeof EYES)[])('has colours that differ for eyes with %s', (eyes) => {
    for (const { series } of Object.values(PALETTES)) {
      for (const [index, colour] of series.entries()) {
        for (const other of series.slice(index + 1))
          expect(difference(colour, other, eyes), `${colour} ${other}`).toBeGreaterThan(25);
      }
    }
  });

  it('of a million hosts stays within its picture', () => {
    const codes = (['unchanged', 'undetermined'] as const).map((code) => ({ code, count: 1_000_000 }));
    const groups = report().groups.map((group) => ({ ...group, undetermined: 1_000_000 }));
    const svg = posterSvg({ ...report(), codes, groups }, 'light');
    const tiles = [...svg.matchAll(/<text x="([\d.]+)"[^>]* font-size="(\d+)"[^>]*>([^<]+)</g)];
    const labels = [...svg.matchAll(/style="font-size:(20)px[^>]*translate\(([\d.]+) [^>]*>(1,000,000)</g)];
    const ends = [
      ...tiles.map(([, x, size, words = '']) => Number(x) + Number(size) * 0.64 * words.replace(/&\w+;/g, '.').length),
      ...labels.map(([, size, x, words = '']) => 30 + Number(x) + Number(size) * 0.64 * words.length),
    ];
    expect(labels).toHaveLength(2);
    expect(Math.max(...ends)).toBeLessThanOrEqual(860);
  });

  it('has words in place of charts where there is nothing to draw', () => {
    const nothing = { ...report(), changes: [], codes: [], services: [0, 0] };
    const words = ['No changes', 'No hosts yet', 'No open services'];
    const [svg, page] = [posterSvg(nothing, 'light'), reportPage(nothing)];
    for (const one of words) expect([svg, page]).toEqual([svg, page].map(() => expect.stringContaining(`>${one}</`)));
    expect(svg).not.toContain('<path');
    expect(page).not.toContain('<img');
  });

  it('has colours that contrast with their background', () => {
    for (const { ground, series, text, faint } of Object.values(PALETTES)) {
      for (const colour of series) expect(contrast(colour, ground), colour).toBeGreaterThanOrEqual(3);
      for (const colour of [text, faint]) expect(contrast(colour, ground), colour).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe('the page of a report', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());

  const SCREENS = [
    ['phone', 390, 844, 'dark'],
    ['desktop', 1440, 900, 'light'],
    ['phone', 390, 844, 'light'],
    ['desktop', 1440, 900, 'dark'],
  ] as const;
  it.each(SCREENS.slice(0, amount(1, 4)))(
    'passes axe on a %s of %i × %i in %s colours, asks nothing of anybody, and sorts its tables',
    async (device, width, height, colorScheme) => {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme, bypassCSP: true });
      const asked: string[] = [];
      page.on('request', (request) => {
        if (!request.url().startsWith('data:')) asked.push(request.url());
      });
      const dialogs: string[] = [];
      page.on('dialog', (dialog) => void dialogs.push(dialog.message()));
      await page.setContent(reportPage(report()));
      const shots = process.env['NETDELTA_SCREENSHOTS'];
      // A chart's letters are 20 points high at its own width.
      await page.evaluate(`document.querySelector('img.${colorScheme}').decode()`);
      const points = await page.evaluate(
        `(({ clientWidth, naturalWidth }) => (20 * clientWidth) / naturalWidth)(document.querySelector('img.${colorScheme}'))`,
      );
      expect(points).toBeGreaterThanOrEqual(12);
      expect(points).toBeLessThanOrEqual(20);
      if (shots !== undefined) {
        await mkdir(shots, { recursive: true });
        await page.screenshot({ path: join(shots, `report-${device}-${colorScheme}.png`), fullPage: true });
        await writeFile(join(shots, `report-${colorScheme}.png`), posterPng(report(), colorScheme));
      }
      await page.addScriptTag({ content: readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8') });
      const violations: string[] = await page.evaluate(
        'axe.run().then(({ violations }) => violations.map((one) => one.id + ": " + one.nodes[0]?.html))',
      );
      expect(violations).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      // Wide tables scroll on a phone, where the first column stays; on a desktop they fit.
      const scrolled: number = await page.evaluate(
        "[...document.querySelectorAll('.wide')].filter((one) => one.scrollWidth > one.clientWidth).length",
      );
      expect(scrolled > 0).toBe(device === 'phone');
      const first: number = await page.evaluate(
        "((wide) => { wide.scrollLeft = 9999; return wide.querySelector('tbody th').getBoundingClientRect().left; })(document.querySelector('.wide'))",
      );
      expect(first).toBeGreaterThanOrEqual(0);
      expect(asked).toEqual([]);
      expect(dialogs).toEqual([]);
      await page.getByRole('button', { name: 'Kind' }).click();
      const kinds = page
        .locator('section', { has: page.getByRole('heading', { name: 'Changes by kind' }) })
        .locator('tbody th');
      expect(await kinds.allTextContents()).toEqual([
        'host down',
        'host recovered',
        'service added',
        'service removed',
      ]);
      // By what they say, not by how it is written: 40 days are more than 60 minutes, and 1,200 scans more than 90.
      for (const column of ['Ago', 'Scans']) {
        await page.getByRole('button', { name: column, exact: true }).click();
        const names = page
          .locator('section', { has: page.getByRole('heading', { name: 'Groups' }) })
          .locator('tbody th');
        expect((await names.allTextContents()).at(-1), column).toBe('branch');
      }
      await page.close();
    },
  );
});
