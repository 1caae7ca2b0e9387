import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import { type EChartsCoreOption, init, setPlatformAPI, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { counted, kindWords } from '../../src/cards/words.ts';
import type { Report } from '../../src/core/report/report.ts';
import { PALETTES, type Palette, type Theme } from './palette.ts';
import { FONT } from './png.ts';

/**
 * Without a browser letters can't be measured: those of the shipped font are at most this wide, as a fraction of their
 * size.
 */
const LETTER_WIDTH = 0.64;

setPlatformAPI({
  measureText: (text, font) => ({ width: text.length * LETTER_WIDTH * sizeOf(font) }),
});
use([BarChart, LineChart, GridComponent, LegendComponent, SVGRenderer]);

/** The size in `normal 20px DejaVu Sans`. */
function sizeOf(font = ''): number {
  return Number(/([\d.]{1,9})px/.exec(font)?.[1] ?? FONT_SIZE);
}

/** For a phone, which shows the picture at about half its width. */
const FONT_SIZE = 20;
/** More kinds than colours could not be distinguished; the last colour is that of all others. */
const MAX_SERIES = PALETTES.light.series.length - 1;
/** Of a legend: its mark, and the space around an entry. */
const [MARK, LEGEND_ROW] = [{ width: 20, gaps: 15 }, 30];

export type Size = { width: number; height: number };
export type Chart = {
  title: string;
  /** For people who can't see it, and in its place when it is empty. */
  says: string;
  empty: boolean;
  svg(theme: Theme, size: Size): string;
};

/** The charts of a report, drawn on the server: no browser, no requests. */
export function chartsOf(report: Report): Chart[] {
  const weeks = report.weeks.map((at) => new Date(at).toISOString().slice(5, 10));
  const total = report.changes.reduce((all, { perWeek }) => all + perWeek.reduce((sum, count) => sum + count, 0), 0);
  const [first = 0, last = 0] = [report.services[0], report.services.at(-1)];
  const services = Math.max(0, ...report.services);
  return [
    {
      title: 'Changes per week',
      says: total === 0 ? 'No changes' : `${counted(total, 'change')} in ${counted(weeks.length, 'week')}`,
      empty: total === 0,
      svg: draw((palette, size) => stacked(weeks, topKinds(report), palette, size)),
    },
    {
      title: 'Hosts by status',
      says: report.codes.map(({ code, count }) => `${digits(count)} ${code}`).join(', ') || 'No hosts yet',
      empty: report.codes.length === 0,
      svg: draw((palette) =>
        bars(
          report.codes.map(({ code, count }) => ({ name: code, count })),
          palette,
        ),
      ),
    },
    {
      title: 'Open services',
      says: services === 0 ? 'No open services' : `${digits(first)} at the beginning, ${digits(last)} at the end`,
      empty: services === 0,
      svg: draw((palette) => line(weeks, report.services, palette)),
    },
  ];
}

const digits = (count: number) => count.toLocaleString('en-US');

function draw(option: (palette: Palette, size: Size) => EChartsCoreOption): Chart['svg'] {
  return (theme, { width, height }) => {
    const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
    try {
      chart.setOption({
        animation: false,
        textStyle: { fontFamily: FONT, fontSize: FONT_SIZE },
        ...option(PALETTES[theme], { width, height }),
      });
      return chart.renderToSVGString();
    } finally {
      chart.dispose();
    }
  };
}

type Series = { name: string; perWeek: readonly number[] };

/** The most frequent kinds, and the others together. */
function topKinds(report: Report): Series[] {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const sorted = [...report.changes].sort((a, b) => sum(b.perWeek) - sum(a.perWeek));
  const named = sorted.slice(0, MAX_SERIES).map(({ kind, perWeek }) => ({ name: kindWords(kind), perWeek }));
  const rest = sorted.slice(MAX_SERIES);
  if (rest.length === 0) return named;
  const others = report.weeks.map((_, week) => sum(rest.map(({ perWeek }) => perWeek[week] ?? 0)));
  return [...named, { name: 'other', perWeek: others }];
}

function stacked(
  weeks: readonly string[],
  series: readonly Series[],
  palette: Palette,
  { width }: Size,
): EChartsCoreOption {
  return {
    color: [...palette.series],
    legend: { bottom: 0, textStyle: label(palette), itemWidth: MARK.width, itemHeight: 14 },
    grid: { left: 70, right: 16, top: 16, bottom: 44 + LEGEND_ROW * legendRows(series, width) },
    xAxis: { type: 'category', data: [...weeks], ...axis(palette) },
    yAxis: { type: 'value', minInterval: 1, ...axis(palette) },
    series: series.map(({ name, perWeek }) => ({
      ...{
        name,
        type: 'bar',
        stack: 'changes',
        data: perWeek.map((count) => (count === 0 ? null : count)),
        barCategoryGap: '20%',
      },
      // A gap separates neighbours without their colours.
      itemStyle: { borderColor: palette.ground, borderWidth: 1 },
    })),
  };
}

/** How many rows its entries take, which are as wide as their names. */
function legendRows(series: readonly Series[], width: number): number {
  let [rows, used] = [1, 0];
  for (const { name } of series) {
    const entry = name.length * LETTER_WIDTH * FONT_SIZE + MARK.width + MARK.gaps;
    if (used > 0 && used + entry > width) [rows, used] = [rows + 1, 0];
    used += entry;
  }
  return rows;
}

function bars(rows: readonly { name: string; count: number }[], palette: Palette): EChartsCoreOption {
  const ordered = [...rows].reverse();
  const longest = Math.max(...rows.map(({ count }) => digits(count).length));
  return {
    color: [...palette.series],
    grid: { left: 200, right: 16 + longest * LETTER_WIDTH * FONT_SIZE, top: 8, bottom: 8 },
    xAxis: { type: 'value', show: false },
    yAxis: { type: 'category', data: ordered.map(({ name }) => name), ...axis(palette) },
    series: [
      {
        ...{ type: 'bar', data: ordered.map(({ count }) => count), barMaxWidth: 34 },
        label: {
          ...{ show: true, position: 'right', ...label(palette) },
          formatter: ({ value }: { value: number }) => digits(value),
        },
      },
    ],
  };
}

function line(weeks: readonly string[], values: readonly number[], palette: Palette): EChartsCoreOption {
  return {
    color: [...palette.series],
    grid: { left: 90, right: 24, top: 16, bottom: 50 },
    xAxis: { type: 'category', data: [...weeks], boundaryGap: false, ...axis(palette, 16) },
    yAxis: { type: 'value', scale: true, minInterval: 1, ...axis(palette) },
    series: [
      {
        type: 'line',
        data: [...values],
        symbol: values.length > 20 ? 'none' : 'circle',
        symbolSize: 8,
        lineStyle: { width: 4 },
      },
    ],
  };
}

/** `margin`: between the axis and its labels; the first labels of two axes would touch. */
function axis(palette: Palette, margin = 8): object {
  return {
    axisLabel: { ...label(palette), hideOverlap: true, margin },
    axisLine: { lineStyle: { color: palette.faint } },
    splitLine: { lineStyle: { color: palette.line } },
  };
}

function label(palette: Palette): object {
  return { color: palette.text, fontFamily: FONT, fontSize: FONT_SIZE };
}
