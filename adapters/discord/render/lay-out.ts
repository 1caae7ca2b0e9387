import type { Block } from './blocks.ts';
import { MAX_DESCRIPTION, MAX_EMBED_TEXT } from './limits.ts';

/** The result: one description per embed, and whether lines are missing. */
export type Layout = { descriptions: string[]; cut: boolean };

/** The remainder is for fences, line breaks and titles of further embeds. */
const BUDGET = MAX_EMBED_TEXT - 300;
const FENCE = '```';
/** Room for `… and 123,456 more, all of it in some-file.csv`. */
const MORE_ROOM = 160;
const MAX_BLOCKS = 25;

/**
 * Fits blocks into the embeds of one message: blocks that may shrink lose their last lines and say how many. `whole`
 * names the file with the full content.
 */
export function layOut(blocks: readonly Block[], whole: string): Layout {
  const shown = shrink(merge(blocks.filter((block) => block.lines.length > 0)), whole);
  return { descriptions: paginate(shown), cut: shown.some((block) => block.missing > 0) };
}

type Shown = { lines: readonly string[]; fenced: boolean; missing: number; note?: string };

/** With far more blocks than any card has, there would not even be room for their notes. */
function merge(blocks: readonly Block[]): readonly Block[] {
  if (blocks.length <= MAX_BLOCKS) return blocks;
  const rest = blocks.slice(MAX_BLOCKS - 1);
  return [
    ...blocks.slice(0, MAX_BLOCKS - 1),
    { lines: rest.flatMap((block) => block.lines), fenced: false, shrinks: true, beyond: 0 },
  ];
}

function shrink(blocks: readonly Block[], whole: string): Shown[] {
  const total = sum(blocks.map(cost));
  if (total <= BUDGET) return blocks.map((block) => keep(block, 0, whole));
  const fixed = blocks.filter((block) => !block.shrinks);
  const squeezeAll = sum(fixed.map(cost)) > BUDGET / 2;
  const shrinking = squeezeAll ? blocks : blocks.filter((block) => block.shrinks);
  let room = BUDGET - (squeezeAll ? 0 : sum(fixed.map(cost))) - MORE_ROOM * shrinking.length;
  return blocks.map((block) => {
    if (!shrinking.includes(block)) return keep(block, 0, whole);
    const lines: string[] = [];
    for (const line of block.lines) {
      if (line.length + 1 > room) break;
      lines.push(line);
      room -= line.length + 1;
    }
    return keep({ ...block, lines }, block.lines.length - lines.length, whole);
  });
}

/** `missing`: lines left out here, in addition to those that the card itself left out. */
function keep(block: Block, missing: number, whole: string): Shown {
  const shown = { lines: block.lines, fenced: block.fenced, missing };
  const more = block.beyond + missing;
  if (more === 0) return shown;
  const where = missing > 0 && whole !== '' ? `, all of it in \`${whole}\`` : '';
  return { ...shown, note: `*… and ${more.toLocaleString('en-US')} more*${where}` };
}

function cost(block: Block): number {
  return sum(block.lines.map((line) => line.length + 1)) + (block.fenced ? 8 : 0) + 1;
}

/** Spreads blocks over descriptions; a code block that continues in the next one is closed and opened again. */
function paginate(blocks: readonly Shown[]): string[] {
  const pages: string[] = [];
  let page = '';
  const room = (text: string) => page.length + text.length + FENCE.length + 2 <= MAX_DESCRIPTION;
  for (const block of blocks) {
    let open = false;
    for (const line of block.lines) {
      if (!room(`${line}\n${FENCE}\n`)) {
        pages.push(open ? `${page}${FENCE}` : page);
        page = '';
        open = false;
      }
      if (block.fenced && !open) {
        page += `${FENCE}\n`;
        open = true;
      }
      page += `${line}\n`;
    }
    if (open) page += `${FENCE}\n`;
    if (block.note !== undefined) {
      if (!room(block.note)) {
        pages.push(page);
        page = '';
      }
      page += `${block.note}\n`;
    }
  }
  return [...pages, page].map((text) => text.trimEnd()).filter((text) => text !== '');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, next) => total + next, 0);
}
