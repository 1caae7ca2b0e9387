import { type Cell, type ReportTable, reportFigures, reportTables } from '../../src/cards/report.ts';
import type { Report } from '../../src/core/report/report.ts';
import { cleanText, escapeMarkup } from '../../src/core/text.ts';
import { PALETTES, type Palette, type Theme } from './palette.ts';
import { type Chart, chartsOf } from './svg.ts';

const MAX_TEXT = 300;
/** Its letters are 20 points high; on a phone, where it is scaled down, 12. */
const CHART = { width: 590, height: 340 };

/**
 * The report as one self-contained page without requests to any server: charts, and tables that sort on a click or a
 * key.
 */
export function reportPage(report: Report): string {
  const title = html(report.title);
  const period = `${day(report.from)} to ${day(report.to)}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark"><title>${title}</title><style>${STYLE}</style></head>
<body><header><h1>${title}</h1><p>${period}</p></header>
<main>
<section aria-labelledby="figures"><h2 id="figures">At a glance</h2><dl class="figures">${reportFigures(report)
    .map(
      ({ label, value, more }) =>
        `<div><dt>${html(more === undefined ? label : `${label} ${more.label} ${more.value}`)}</dt><dd>${html(value)}</dd></div>`,
    )
    .join('')}</dl></section>
<div class="charts">${chartsOf(report).map(chartSection).join('\n')}</div>
${reportTables(report)
  .map((table, index) => tableSection(table, index))
  .join('\n')}
</main>
<footer><p>NetDelta, ${new Date(report.to).toISOString().slice(0, 16).replace('T', ' ')} UTC</p></footer>
<script>${SCRIPT}</script></body></html>
`;
}

function chartSection({ title, says, empty, svg }: Chart, index: number): string {
  const picture = (theme: Theme) =>
    `<img class="${theme}" alt="${html(`${title}: ${says}`)}" width="${CHART.width}" height="${CHART.height}" src="data:image/svg+xml;base64,${Buffer.from(svg(theme, CHART)).toString('base64')}">`;
  const pictures = empty ? '' : `${picture('light')}${picture('dark')}`;
  return `<section aria-labelledby="chart-${index}"><h2 id="chart-${index}">${html(title)}</h2>${pictures}<p class="says">${html(says)}</p></section>`;
}

function tableSection({ title, columns, rows }: ReportTable, index: number): string {
  const head = columns
    .map((column) => `<th scope="col" aria-sort="none"><button type="button">${html(column)}</button></th>`)
    .join('');
  const body = rows.map((row) => `<tr>${row.map(tableCell).join('')}</tr>`).join('\n');
  const table =
    rows.length === 0
      ? '<p>None.</p>'
      : `<div class="wide" tabindex="0" role="group" aria-labelledby="table-${index}"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
  return `<section aria-labelledby="table-${index}"><h2 id="table-${index}">${html(title)}</h2>${table}</section>`;
}

function tableCell(cell: Cell, column: number): string {
  if (column === 0) return `<th scope="row">${html(typeof cell === 'string' ? cell : cell.text)}</th>`;
  return typeof cell === 'string' ? `<td>${html(cell)}</td>` : `<td data-order="${cell.order}">${html(cell.text)}</td>`;
}

const colours = ({ ground, text, faint, line }: Palette) =>
  `--ground:${ground};--text:${text};--faint:${faint};--line:${line}`;

const STYLE = `
:root{${colours(PALETTES.light)};color-scheme:light dark}
.dark{display:none}
@media(prefers-color-scheme:dark){:root{${colours(PALETTES.dark)}}.dark{display:block}.light{display:none}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1240px;padding:16px;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.6rem;line-height:1.2;margin:0;overflow-wrap:anywhere}h2{font-size:1.2rem;margin:2rem 0 .5rem}
header p,footer p,.says{color:var(--faint);margin:.25rem 0}footer{margin-top:2rem}
img{max-width:100%;height:auto}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,520px),1fr));gap:0 28px}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:12px;margin:0}
.figures dd{margin:0;font-size:1.5rem;font-weight:600}.figures dt{color:var(--faint)}
.figures div{display:flex;flex-direction:column-reverse;justify-content:flex-end}
.wide{overflow-x:auto}.wide:focus-visible,button:focus-visible{outline:3px solid var(--text);outline-offset:2px}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:8px 10px;border-bottom:1px solid var(--line);white-space:nowrap;font-weight:normal}
tbody th,td:not([data-order]){white-space:normal;overflow-wrap:anywhere;min-width:9em}
th:first-child{position:sticky;left:0;background:var(--ground);max-width:40vw}
thead th{font-weight:600}td{font-variant-numeric:tabular-nums}
button{all:unset;cursor:pointer;font-weight:600;min-height:24px}
th[aria-sort=ascending] button::after{content:" \\2191"}th[aria-sort=descending] button::after{content:" \\2193"}
`;

const SCRIPT = `
for (const table of document.querySelectorAll('table')) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => head.firstChild.addEventListener('click', () => {
    const up = head.getAttribute('aria-sort') !== 'ascending';
    for (const other of heads) other.setAttribute('aria-sort', 'none');
    head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    const order = ({ cells }) => cells[column].dataset.order;
    const text = ({ cells }) => cells[column].textContent;
    const rows = [...table.tBodies[0].rows].sort((a, b) =>
      order(a) === undefined ? text(a).localeCompare(text(b), 'en', { numeric: true }) : order(a) - order(b));
    table.tBodies[0].append(...(up ? rows : rows.reverse()));
  }));
}
`;

function html(text: string): string {
  return escapeMarkup(cleanText(text, MAX_TEXT));
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
