import { reportFigures, UNSEEN_TITLE, unseenLines } from '../../src/cards/report.ts';
import type { Report } from '../../src/core/report/report.ts';
import { cleanText, escapeMarkup } from '../../src/core/text.ts';
import { PALETTES, type Theme } from './palette.ts';
import { FONT, pngOf } from './png.ts';
import { chartsOf } from './svg.ts';

/** Twice the width of a phone's screen in points; its text is 20 points high or more. */
const WIDTH = 860;
const MARGIN = 30;
const CHART_HEIGHT = 330;
const TILE_HEIGHT = 96;
const TILES_A_ROW = 3;
const LINE = 28;
const UNSEEN_SHOWN = 6;

/** The report as one picture. */
export function posterPng(report: Report, theme: Theme): Buffer {
  return pngOf(posterSvg(report, theme));
}

export function posterSvg(report: Report, theme: Theme): string {
  const palette = PALETTES[theme];
  const inner = WIDTH - 2 * MARGIN;
  const parts: string[] = [];
  let y = MARGIN + 34;
  const text = (x: number, size: number, fill: string, words: string, weight = 'normal') =>
    parts.push(
      `<text x="${x}" y="${y}" font-family="${FONT}" font-size="${size}" font-weight="${weight}" fill="${fill}">${escapeMarkup(words)}</text>`,
    );
  text(MARGIN, 34, palette.text, cleanText(report.title, 38), 'bold');
  y += 34;
  text(MARGIN, 20, palette.faint, `${day(report.from)} to ${day(report.to)}`);
  y += 24;
  const figures = reportFigures(report);
  for (const [index, { label, value, more }] of figures.entries()) {
    const column = index % TILES_A_ROW;
    if (column === 0 && index > 0) y += TILE_HEIGHT;
    const x = MARGIN + column * (inner / TILES_A_ROW);
    const top = y;
    y = top + 40;
    text(x, 36, palette.text, value, 'bold');
    y = top + 68;
    text(x, 20, palette.faint, label);
    y += LINE;
    if (more !== undefined) text(x, 20, palette.faint, `${more.label} ${more.value}`);
    y = top;
  }
  y += TILE_HEIGHT + (figures.at(-1)?.more === undefined ? 10 : LINE);
  for (const chart of chartsOf(report)) {
    y += 30;
    text(MARGIN, 24, palette.text, chart.title, 'bold');
    if (chart.empty) {
      y += 34;
      text(MARGIN, 20, palette.text, chart.says);
      y += 12;
      continue;
    }
    y += 12;
    const svg = chart.svg(theme, { width: inner, height: CHART_HEIGHT });
    parts.push(svg.replace('<svg ', `<svg x="${MARGIN}" y="${y}" `));
    y += CHART_HEIGHT + 12;
  }
  const unseen = unseenLines(report, UNSEEN_SHOWN);
  if (unseen.length > 0) {
    y += 30;
    text(MARGIN, 24, palette.text, UNSEEN_TITLE, 'bold');
    for (const line of unseen) {
      y += 34;
      text(MARGIN, 20, palette.text, cleanText(line, 64));
    }
  }
  const height = y + MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"><rect width="100%" height="100%" fill="${palette.ground}"/>${parts.join('')}</svg>`;
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
