import type { HostChart, Span, Standing } from '../../src/core/report/host-chart.ts';
import { STANDINGS } from '../../src/core/report/host-chart.ts';
import { WEEK_MS } from '../../src/core/report/report.ts';
import { cleanText, escapeMarkup } from '../../src/core/text.ts';
import { DAY_MS } from '../../src/core/time/units.ts';
import { PALETTES, type Palette, type Theme } from './palette.ts';
import { FONT, pngOf } from './png.ts';

/** The same width as a report's picture: a phone shows it at half of that. */
const WIDTH = 860;
const MARGIN = 30;
/** For the label before a row: `27017/tcp mongodb`. */
const LABELS = 250;
const ROW = 40;
const BAR = 24;
const SIZE = 20;
const MAX_LABEL = 18;
const MIN_SPAN = 4;
const MARK = 18;

/** A host's weeks in each group: its status, when its services changed, and when each was open. */
export function hostPng(charts: readonly HostChart[], theme: Theme): Buffer {
  return pngOf(hostSvg(charts, theme));
}

export function hostSvg(charts: readonly HostChart[], theme: Theme): string {
  const palette = PALETTES[theme];
  const drawn: string[] = [];
  let y = MARGIN;
  for (const chart of charts) {
    const { parts, height } = section(chart, palette);
    drawn.push(`<g transform="translate(0 ${y})">${parts.join('')}</g>`);
    y += height;
  }
  const height = y + MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"><defs>${patterns(palette)}</defs><rect width="100%" height="100%" fill="${palette.ground}"/>${drawn.join('')}</svg>`;
}

/** Distinguished by pattern and text, not by colour alone. */
function patterns({ ground, series, faint }: Palette): string {
  const [, missed = faint, , gone = faint] = series;
  const pattern = (id: Standing, colour: string, lines: string) =>
    `<pattern id="${id}" width="12" height="12" patternUnits="userSpaceOnUse"><rect width="12" height="12" fill="${colour}"/><path d="${lines}" stroke="${ground}" stroke-width="3" fill="none"/></pattern>`;
  return [
    pattern('silent', missed, 'M-3 15 15 -3 M-3 3 3 -3 M9 15 15 9'),
    pattern('down', gone, 'M0 0 12 12 M12 0 0 12'),
    pattern('undetermined', faint, 'M0 6 H12'),
  ].join('');
}

function fillOf(standing: Standing, { series, faint }: Palette): string {
  return standing === 'up' ? (series[0] ?? faint) : `url(#${standing})`;
}

function section(chart: HostChart, palette: Palette): { parts: string[]; height: number } {
  const x = scaleOf(chart);
  const parts = [
    text(MARGIN, 30, `${chart.address}`, palette.text, { size: 30, bold: true }),
    text(MARGIN, 62, `${cleanText(chart.group, 40)}, ${day(chart.from)} to ${day(chart.to)}`, palette.faint),
  ];
  const top = 90;
  const rows = 1 + chart.services.length;
  const bottom = top + MARK + rows * ROW;
  parts.push(...dates(chart, x, { top, bottom }, palette));
  let y = top + MARK;
  parts.push(text(MARGIN, y + BAR - 4, 'status', palette.text, { bold: true }));
  for (const { standing, ...span } of chart.standings) parts.push(bar(span, x, y, fillOf(standing, palette)));
  for (const at of chart.changes) parts.push(mark(x(at), y, palette));
  for (const { label, spans } of chart.services) {
    y += ROW;
    parts.push(text(MARGIN, y + BAR - 4, cleanText(label, MAX_LABEL), palette.text));
    for (const span of spans) parts.push(bar(span, x, y, palette.series[2] ?? palette.text));
  }
  y = bottom + 34;
  if (chart.more > 0) {
    parts.push(text(MARGIN, y + 26, `and ${chart.more} more services; host show lists them`, palette.faint));
    y += 34;
  }
  const key = legend(chart, y + 8, palette);
  return { parts: [...parts, ...key.parts], height: key.bottom + 20 };
}

type Scale = (at: number) => number;

function scaleOf({ from, to }: HostChart): Scale {
  const width = WIDTH - 2 * MARGIN - LABELS;
  return (at) => MARGIN + LABELS + (width * (at - from)) / Math.max(1, to - from);
}

/** A line for each week, or for each day of a short period, and its date below where there is room. */
function dates(
  { from, to }: HostChart,
  x: Scale,
  { top, bottom }: { top: number; bottom: number },
  { line, faint }: Palette,
): string[] {
  const parts: string[] = [];
  let free = 0;
  const step = to - from > 2 * WEEK_MS ? WEEK_MS : DAY_MS;
  for (let at = from; at <= to; at += step) {
    const place = round(x(at));
    parts.push(`<path d="M${place} ${top} V${bottom}" stroke="${line}" stroke-width="2"/>`);
    if (place < free || place + 66 > WIDTH) continue;
    parts.push(text(place, bottom + 26, day(at).slice(5), faint));
    free = place + 84;
  }
  return parts;
}

function bar({ from, to }: Span, x: Scale, y: number, fill: string): string {
  const width = Math.max(MIN_SPAN, x(to) - x(from));
  const left = Math.min(x(from), WIDTH - MARGIN - width);
  return `<rect x="${round(left)}" y="${y}" width="${round(width)}" height="${BAR}" fill="${fill}"/>`;
}

function mark(x: number, y: number, { text: colour }: Palette): string {
  const at = round(x);
  return `<path d="M${at} ${y - 2} l-8 -14 h16 z" fill="${colour}"/>`;
}

/** Only for what occurs in the chart. */
function legend(chart: HostChart, y: number, palette: Palette): { parts: string[]; bottom: number } {
  const seen = STANDINGS.filter((one) => chart.standings.some(({ standing }) => standing === one));
  const entries = [
    ...seen.map((standing) => ({
      words: WORDS[standing],
      sign: (x: number, at: number) =>
        `<rect x="${x}" y="${at}" width="34" height="${BAR}" fill="${fillOf(standing, palette)}"/>`,
    })),
    ...(chart.changes.length === 0
      ? []
      : [{ words: 'services changed', sign: (x: number, at: number) => mark(x + 17, at + BAR - 2, palette) }]),
    ...(chart.services.length === 0
      ? []
      : [
          {
            words: 'port open',
            sign: (x: number, at: number) =>
              `<rect x="${x}" y="${at}" width="34" height="${BAR}" fill="${palette.series[2]}"/>`,
          },
        ]),
  ];
  const column = (WIDTH - 2 * MARGIN) / 3;
  const parts = entries.flatMap(({ words, sign }, index) => {
    const [left, at] = [round(MARGIN + (index % 3) * column), y + Math.floor(index / 3) * ROW];
    return [sign(left, at), text(left + 44, at + BAR - 4, words, palette.text)];
  });
  return { parts, bottom: y + Math.ceil(entries.length / 3) * ROW };
}

const WORDS: Readonly<Record<Standing, string>> = {
  up: 'up',
  silent: 'misses scans',
  down: 'down',
  undetermined: 'undetermined',
};

function text(
  x: number,
  y: number,
  words: string,
  fill: string,
  { size = SIZE, bold = false }: { size?: number; bold?: boolean } = {},
): string {
  return `<text x="${x}" y="${y}" font-family="${FONT}" font-size="${size}" font-weight="${bold ? 'bold' : 'normal'}" fill="${fill}">${escapeMarkup(words)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
