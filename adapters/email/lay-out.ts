import type { Risk } from '../../src/core/model/scales.ts';
import { cleanText, escapeMarkup } from '../../src/core/text.ts';
import type { Block, Letter } from './letter.ts';

const MAX_TEXT = 2_000;
/** The one picture that a mail may contain. */
export const PICTURE_ID = 'report';

/** Dark enough on white and light enough on black for the bar beside a change; the risk is also written out. */
const COLOUR: Readonly<Record<Risk, string>> = {
  critical: '#b3003c',
  high: '#c4320a',
  medium: '#a15c07',
  low: '#1d6fb8',
  info: '#5f6b7a',
};

export function asText({ title, blocks, footer }: Letter): string {
  const parts = blocks.flatMap((block) => {
    if (block.type === 'picture') return [];
    if (block.type === 'text') return plain(block.text);
    const why = block.why === undefined ? '' : ` (${plain(block.why)})`;
    const head = `* ${plain(block.head)}\n  ${plain(block.change)}${why}`;
    return [head, ...block.lines.map((line) => `  - ${plain(line)}`)].join('\n');
  });
  return [plain(title), ...parts, `-- \n${footer.map(plain).join('\n')}`].join('\n\n');
}

/** One column, system fonts, no images, nothing that is loaded; readable without its style. */
export function asHtml({ title, risk, blocks, footer }: Letter): string {
  const bar = COLOUR[risk ?? 'info'];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${html(title)}</title></head>
<body style="margin:0;padding:16px;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:640px;margin:0 auto">
<h1 style="font-size:20px;line-height:1.3;margin:0 0 16px;padding-left:12px;border-left:6px solid ${bar}">${html(title)}</h1>
${blocks.map(blockHtml).join('\n')}
<p style="font-size:13px;margin:24px 0 0;padding-top:8px;border-top:1px solid #8a94a0">${footer.map(html).join('<br>')}</p>
</div></body></html>
`;
}

function blockHtml(block: Block): string {
  if (block.type === 'picture')
    return `<img src="cid:${PICTURE_ID}" alt="${html(block.text)}" style="max-width:100%;height:auto">`;
  if (block.type === 'text') return `<p style="margin:12px 0">${html(block.text)}</p>`;
  const why = block.why === undefined ? '' : `<div>${html(block.why)}</div>`;
  const items = block.lines.map((line) => `<li>${html(line)}</li>`).join('');
  const list = items === '' ? '' : `<ul style="margin:4px 0;padding-left:20px">${items}</ul>`;
  return `<div style="margin:12px 0;padding-left:12px;border-left:4px solid ${COLOUR[block.risk]}">
<div style="font-weight:600">${html(block.head)}</div><div>${html(block.change)}</div>${why}${list}</div>`;
}

function html(text: string): string {
  return escapeMarkup(plain(text));
}

function plain(text: string): string {
  return cleanText(text, MAX_TEXT);
}
