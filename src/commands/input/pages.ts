import type { Paging } from '../../cards/paging.ts';
import type { Group } from '../../core/model/group.ts';
import type { OptionDefinition } from '../../core/model/option.ts';
import type { Page } from '../../ports/store.ts';
import type { CommandOptions } from '../grammar/command-description.ts';
import { numberOf, textOf } from './options.ts';

/** The option of every list that may be longer than a message. */
export const PAGE = {
  name: 'page',
  type: 'integer',
  description: 'Page of the list',
  positional: false,
  required: false,
  min: 1,
  max: 100000,
} as const satisfies OptionDefinition<'page'>;

/** The requested page, with as many rows as the caller can show. */
export function pageOf(options: CommandOptions<'page'>, { rows }: { rows: number }): Page {
  return { limit: rows, offset: (pageNumber(options) - 1) * rows };
}

function pageNumber(options: CommandOptions<'page'>): number {
  return numberOf(options, 'page') ?? 1;
}

export type PagedList<Name extends string> = {
  path: readonly string[];
  /** The group of the list, if one was named. */
  group?: Group | undefined;
  options: CommandOptions<Name | 'page'>;
  /** The named options that chose what is listed. */
  keys?: readonly NoInfer<Name>[];
  total: number;
  rows: number;
};

/** The command that shows this list again: its path, its group, and the named options that were given. */
export function paging<Name extends string>({ path, group, options, keys = [], total, rows }: PagedList<Name>): Paging {
  const given = keys.flatMap((key) => {
    const value = textOf(options, key);
    return value === undefined ? [] : [`${key}:${/[\s"]/.test(value) ? JSON.stringify(value) : value}`];
  });
  const words = (name: string[]) => [...path, ...name, ...given].join(' ');
  return {
    command: words(group === undefined ? [] : [`#${group.id}`]),
    typed: words(group === undefined ? [] : [group.name]),
    ...{ page: pageNumber(options), total, rows },
  };
}

/** One page of items that are already in memory. */
export function cutPage<T>(items: readonly T[], options: CommandOptions<'page'>, context: { rows: number }): T[] {
  const { offset, limit } = pageOf(options, context);
  return items.slice(offset, offset + limit);
}
