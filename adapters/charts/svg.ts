import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import { type EChartsCoreOption, init, setPlatformAPI, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { kindWords } from '../../src/cards/words.ts';
import type { Report } from '../../src/core/report/report.ts';
import { PALETTES, type Palette, type Theme } from './palette.ts';
import { FONT } from './png.ts';

/** Without a browser nothing measures letters: those of the shipped font are at most this wide, in parts of their size. */
const LETTER_WIDTH = 0.64;

setPlatformAPI({
  measureText: (text, font) => ({ width: text.length * LETTER_WIDTH * sizeOf(font) }),
});
use([BarChart, LineChart, GridComponent, LegendComponent, SVGRenderer]);

/** The size in `normal 20px DejaVu Sans`. */
function sizeOf(font = ''): number {
  return Number(/([\d.]{1,9})px/.exec(font)?.[1] ?? FONT_SIZE);
}

/** For a phone, where the picture is shown at about half its width. */
const FONT_SIZE = 20;
/** More kinds than colours would be told apart by nobody. */
const MAX_SERIES = 6;

export type Size = { width: number; height: number };
export type Chart = {
  title: string /** For those who don't see it. */;
  says: string;
  svg(theme: Theme, size: Size): string;
};

/** The charts of a report, drawn on the server: no browser, no requests. */
export function chartsOf(report: Report): Chart[] {
  const weeks = report.weeks.map((at) => new Date(at).toISOString().slice(5, 10));
  const total = report.changes.reduce((all, { perWeek }) => all + perWeek.reduce((sum, count) => sum + count, 0), 0);
  const [first = 0, last = 0] = [report.services[0], report.services.at(-1)];
  return [
    {
      title: 'Changes per week',
      says: `${total} changes in ${weeks.length} weeks`,
      svg: draw((palette) => stacked(weeks, topKinds(report), palette)),
    },
    {
      title: 'Hosts by status',
      says: report.codes.map(({ code, count }) => `${count} ${code}`).join(', '),
      svg: draw((palette) =>
        bars(
          report.codes.map(({ code, count }) => ({ name: code, count })),
          palette,
        ),
      ),
    },
    {
      title: 'Open services',
      says: `${first} at the beginning, ${last} at the end`,
      svg: draw((palette) => line(weeks, report.services, palette)),
    },
  ];
}

function draw(option: (palette: Palette) => EChartsCoreOption): Chart['svg'] {
  return (theme, { width, height }) => {
    const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
    try {
      chart.setOption({
        animation: false,
        textStyle: { fontFamily: FONT, fontSize: FONT_SIZE },
        ...option(PALETTES[theme]),
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

function stacked(weeks: readonly string[], series: readonly Series[], palette: Palette): EChartsCoreOption {
  return {
    color: [...palette.series],
    legend: { bottom: 0, textStyle: label(palette), itemWidth: 20, itemHeight: 14 },
    grid: { left: 70, right: 16, top: 16, bottom: 50 + 32 * Math.ceil(series.length / 3) },
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
      // A gap tells neighbours apart without their colours.
      itemStyle: { borderColor: palette.ground, borderWidth: 1 },
    })),
  };
}

function bars(rows: readonly { name: string; count: number }[], palette: Palette): EChartsCoreOption {
  const ordered = [...rows].reverse();
  return {
    color: [...palette.series],
    grid: { left: 200, right: 90, top: 8, bottom: 8 },
    xAxis: { type: 'value', show: false },
    yAxis: { type: 'category', data: ordered.map(({ name }) => name), ...axis(palette) },
    series: [
      {
        ...{ type: 'bar', data: ordered.map(({ count }) => count), barMaxWidth: 34 },
        label: { show: true, position: 'right', ...label(palette) },
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

/** `margin`: between the axis and its labels; the first ones of two axes would touch. */
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
