import { lookup } from 'node:dns/promises';
import type { Resolver } from '../../src/ports/resolver.ts';

/** The system's resolver, so that /etc/hosts counts as it does for every other program. */
export function createResolver(): Resolver {
  return {
    async resolve(name) {
      try {
        const found = await lookup(name, { all: true, order: 'verbatim' });
        return [...new Set(found.map(({ address }) => address))].sort();
      } catch (error) {
        if (isUnknownName(error)) return [];
        throw error;
      }
    },
  };
}

function isUnknownName(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTFOUND' || error.code === 'ENODATA');
}
