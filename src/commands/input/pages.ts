import { PAGE_SIZE, type Paging, pageOffset } from '../../cards/paging.ts';
import type { Page } from '../../ports/store.ts';
import type { CommandOptions } from '../grammar/command-description.ts';
import { numberOf, textOf } from './options.ts';

/** The page asked for, as the store and as the card want it. */
export function pageOf(options: CommandOptions): { page: number; window: Page } {
  const page = numberOf(options, 'page') ?? 1;
  return { page, window: pageOffset(page) };
}

/** The command that shows this list again: its path, positional words, and the named options that were given. */
export function paging(
  words: readonly string[],
  options: CommandOptions,
  keys: readonly string[],
  total: number,
): Paging {
  const given = keys.flatMap((key) => {
    const value = textOf(options, key);
    return value === undefined ? [] : [`${key}:${/[\s"]/.test(value) ? JSON.stringify(value) : value}`];
  });
  return { command: [...words, ...given].join(' '), page: numberOf(options, 'page') ?? 1, total };
}

/** One page of what is in memory already. */
export function cutPage<T>(items: readonly T[], options: CommandOptions): T[] {
  const { offset } = pageOffset(numberOf(options, 'page') ?? 1);
  return items.slice(offset, offset + PAGE_SIZE);
}
