import { escapeHtml } from './render-slack.ts';

/** The part of Discord's markdown that our renderer writes, as its web components. `rows`: the lines of its tables. */
export function markdownHtml(markdown: string, rows: ReadonlySet<string> = new Set()): string {
  return markdown
    .split(/(```[\s\S]*?```)/)
    .map((part) => (part.startsWith('```') ? preHtml(part) : linesHtml(part, rows)))
    .join('');
}

function preHtml(part: string): string {
  const code = part.replace(/^```\n?|\n?```$/g, '');
  return `<discord-code multiline>${escapeHtml(code)}</discord-code>`;
}

function linesHtml(text: string, rows: ReadonlySet<string>): string {
  return text
    .replace(/^\n|\n$/g, '')
    .split('\n')
    .map((line) => {
      const row = rows.has(line) ? ' class="row"' : '';
      if (line.startsWith('-# '))
        return `<discord-subscript><div${row}>${inlineHtml(line.slice(3))}</div></discord-subscript>`;
      if (line.startsWith('- ')) return `<div class="item">• ${inlineHtml(line.slice(2))}</div>`;
      return `<div${row}>${inlineHtml(line) || '&nbsp;'}</div>`;
    })
    .join('');
}

const RULES: readonly [RegExp, (match: RegExpExecArray) => string][] = [
  [/^\\([^0-9A-Za-z\s])/, ([, char = '']) => escapeHtml(char)],
  [/^(`+)([\s\S]*?[^`])\1(?!`)/, ([, , code = '']) => `<discord-code>${escapeHtml(code.trim())}</discord-code>`],
  [
    /^<t:(\d+)(?::([a-zA-Z]))?>/,
    ([, at = '0', style = 'f']) => `<span class="time">${timeWords(Number(at), style)}</span>`,
  ],
  [/^<@[!&]?(\d+)>/, ([, id = '']) => `<discord-mention>${id === '1' ? 'ann' : 'bob'}</discord-mention>`],
  [/^<#(\d+)>/, () => '<discord-mention type="channel">net-alerts</discord-mention>'],
  [/^\[((?:[^\]\\]|\\.)+)\]\(<?([^)>]+)>?\)/, ([, label = '']) => `<span class="link">${inlineHtml(label)}</span>`],
  [/^\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/, ([, inner = '']) => `<b>${inlineHtml(inner)}</b>`],
  [/^\*(?=\S)((?:\\[\s\S]|[^\\*])+?)\*(?!\*)/, ([, inner = '']) => `<i>${inlineHtml(inner)}</i>`],
];

function inlineHtml(text: string): string {
  let rest = text;
  let html = '';
  while (rest !== '') {
    const found = RULES.map(([pattern, show]) => ({ match: pattern.exec(rest), show })).find(
      ({ match }) => match !== null,
    );
    if (found?.match === undefined || found.match === null) {
      html += escapeHtml(rest.slice(0, 1));
      rest = rest.slice(1);
    } else {
      html += found.show(found.match);
      rest = rest.slice(found.match[0].length);
    }
  }
  return html;
}

function timeWords(at: number, style: string): string {
  const date = new Date(at * 1000);
  if (style === 'R') return '2 hours ago';
  if (style === 't') return date.toISOString().slice(11, 16);
  if (style === 'd') return date.toLocaleDateString('en-GB', { timeZone: 'UTC' });
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  return style === 'D' ? day : `${day} ${date.toISOString().slice(11, 16)}`;
}
