import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { page } from './page.ts';
import { escapeHtml } from './render-slack.ts';
import { sceneHtml } from './scene-html.ts';
import { type Scene, scenes } from './scenes.ts';

/**
 * Renders every scene as Slack and Discord show it, on a desktop and on a phone: `npm run gallery [PART OF A NAME…]`.
 */
const OUT = join(import.meta.dirname, '../../data/gallery');
const WIDTHS = { desktop: 720, phone: 360 } as const;
/** Scenes per picture, for viewing many at once, side by side. */
const SHEET = 8;
const SHEET_WIDTH = 1_440;
/** For the browser: scenes that would have to be scrolled sideways. */
const WIDE_SCENES =
  "[...document.querySelectorAll('.scene')].filter((one) => one.scrollWidth > one.clientWidth).map(({ id }) => id)";
/** For the browser: scenes in which a row of a table has to wrap. */
const WRAPPED_ROWS =
  "[...document.querySelectorAll('.row')].filter((row) => row.getBoundingClientRect().height > 26).map((row) => row.closest('.scene').id)";
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const found = process.env['CHROMIUM'] ?? BROWSERS.find((path) => existsSync(path));
if (found === undefined) {
  process.stderr.write(
    'gallery: no Chromium. Install it (Debian: apt-get install chromium fonts-noto-color-emoji), or name it in CHROMIUM.\n',
  );
  process.exit(2);
}
const wanted = process.argv.slice(2);
const chosen = scenes().filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
const browser = await chromium.launch({ executablePath: found, args: ['--no-sandbox', '--disable-gpu'] });
try {
  for (const platform of ['slack', 'discord'] as const) await draw(browser, platform, chosen);
} finally {
  await browser.close();
}
process.stdout.write(`${chosen.length} scenes in ${OUT}\n`);

function report(fault: string, names: readonly string[], where: string): void {
  if (names.length === 0) return;
  process.stderr.write(`gallery: ${fault} (${where}): ${[...new Set(names)].join(', ')}\n`);
  process.exitCode = 1;
}

async function draw(browser: Browser, platform: 'slack' | 'discord', shown: readonly Scene[]): Promise<void> {
  const parts = shown.map(
    (scene) =>
      `<div class="scene" id="${scene.name}"><h2>${escapeHtml(scene.name)}</h2>${sceneHtml(scene, platform)}</div>`,
  );
  for (const [device, width] of Object.entries(WIDTHS)) {
    for (let start = 0; start < parts.length; start += SHEET) {
      const view = await browser.newPage({ viewport: { width: SHEET_WIDTH, height: 900 } });
      await view.setContent(await page(platform, width, parts.slice(start, start + SHEET).join('')), {
        waitUntil: 'load',
      });
      const where = `${platform}, ${device}`;
      report('wider than the screen', await view.evaluate<string[]>(WIDE_SCENES), where);
      report('rows of a table wrap', await view.evaluate<string[]>(WRAPPED_ROWS), where);
      const sheet = String(start / SHEET + 1).padStart(2, '0');
      await view.screenshot({ path: join(OUT, `${platform}-${device}-sheet-${sheet}.png`), fullPage: true });
      for (const { name } of shown.slice(start, start + SHEET)) {
        await view.locator(`#${name}`).screenshot({ path: join(OUT, `${platform}-${device}-${name}.png`) });
      }
      await view.close();
    }
  }
}
