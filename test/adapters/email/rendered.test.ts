import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailOf } from '../../../adapters/email/mail.ts';
import { amount } from '../../thorough.ts';
import { ANSWERED, drawNothing, OPENED, REPORT } from '../sink-samples.ts';

const MAILS = { opened: OPENED, answered: ANSWERED, report: REPORT };

describe('the HTML of a mail', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());

  const SCREENS = [
    ['phone', 390, 844, 'dark'],
    ['desktop', 1280, 800, 'light'],
    ['phone', 390, 844, 'light'],
    ['desktop', 1280, 800, 'dark'],
  ] as const;
  it.each(SCREENS.slice(0, amount(1, 4)))(
    'passes axe on a %s of %i × %i in %s colours, and runs and fetches nothing',
    async (device, width, height, colorScheme) => {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme });
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      page.on('dialog', (dialog) => asked.push(dialog.message()));
      for (const [name, event] of Object.entries(MAILS)) {
        const options = { from: 'netdelta@example.com', to: 'noc@example.com', drawReport: drawNothing };
        await page.setContent((await mailOf(event, options)).html);
        const shots = process.env['NETDELTA_SCREENSHOTS'];
        if (shots !== undefined) {
          await mkdir(shots, { recursive: true });
          await page.screenshot({ path: join(shots, `mail-${name}-${device}-${colorScheme}.png`), fullPage: true });
        }
        expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth'), name).toBe(true);
        await page.addScriptTag({ content: readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8') });
        // Landmarks are for pages: a mail is displayed within one.
        const rules = { region: { enabled: false }, 'landmark-one-main': { enabled: false } };
        const violations: string[] = await page.evaluate(
          `axe.run({ rules: ${JSON.stringify(rules)} }).then(({ violations }) => violations.map((one) => one.id + ": " + one.nodes[0]?.html))`,
        );
        expect(violations, name).toEqual([]);
      }
      // The picture of a report is attached.
      expect(asked.filter((url) => !url.startsWith('cid:'))).toEqual([]);
      await page.close();
    },
  );
});
