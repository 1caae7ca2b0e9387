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
import { reportCsv } from '../../../src/cards/report.ts';
import { type Report, reportOf, WEEK_MS } from '../../../src/core/report/report.ts';

const TO = Date.UTC(2026, 10, 24, 12);
const FROM = TO - 13 * WEEK_MS;
const HOSTILE = '</script><img src=x onerror=alert(1)> =cmd|calc';

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
      ],
      services: [{ week: -1, up: 900, down: 20 }, ...weeks.map((week) => ({ week, up: 9, down: week }))],
      noisiest: [{ groupId: 1, address: '10.0.0.5', count: 41 }],
      unstable: [{ groupId: 1, subject: '10.0.0.9 443/tcp', count: 7 }],
      scans: [{ groupId: 1, done: 90, failed: 1, lastDone: TO - 3_600_000 }],
    },
    { title: 'Report on office', from: FROM, to: TO, groups: [{ id: 1, name: HOSTILE }] },
  );
}

describe('a report', () => {
  it('counts what was open, answered and wrong, and how many services there were', () => {
    const { groups, calibration, timeToAcknowledge, services } = report();
    expect(groups[0]).toMatchObject({ open: 4, answered: 108, hostsUp: 242, scansFailed: 1 });
    expect(calibration.map(({ answered, falseAlarms }) => [answered, falseAlarms])).toEqual([
      [96, 0],
      [12, 3],
      [0, 0],
    ]);
    expect(timeToAcknowledge).toBe(3_600_000);
    expect([services[0], services.at(-1)]).toEqual([889, 919]);
  });

  it('as CSV runs no formula of a hostile name', () => {
    const hostile = reportCsv({ ...report(), noisiest: [{ address: '=1+1', group: '＝cmd', count: 1 }] });
    expect(hostile).toContain("'=1+1,'＝cmd,1");
  });

  it('is drawn as a picture off the event loop, with letters of a font that is shipped', async () => {
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

  it('has no text in its picture that is smaller than a phone shows well', () => {
    const sizes = [...posterSvg(report(), 'light').matchAll(/font-size[:=]"?(\d+)/g)].map(([, size]) => Number(size));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(20);
  });

  it('has colours that stand out from their ground', () => {
    for (const { ground, series, text, faint } of Object.values(PALETTES)) {
      for (const colour of series) expect(contrast(colour, ground), colour).toBeGreaterThanOrEqual(3);
      for (const colour of [text, faint]) expect(contrast(colour, ground), colour).toBeGreaterThanOrEqual(4.5);
    }
  });
});

/** https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe('the page of a report', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());

  it.each([
    ['phone', 390, 844, 'light'],
    ['phone', 390, 844, 'dark'],
    ['desktop', 1440, 900, 'light'],
    ['desktop', 1440, 900, 'dark'],
  ] as const)(
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
      await page.close();
    },
  );
});
