import type { Delta } from '../core/alert.ts';
import type { Store } from '../ports/store.ts';
import type { MetExpectation } from './compose-commit.ts';

/** Announced changes that came: their deltas are answered as expected, by whom they were announced. */
export async function answerExpected(
  store: Store,
  met: readonly MetExpectation[],
  deltaIds: readonly number[],
  now: number,
): Promise<void> {
  for (const { expectation, delta } of met) {
    const id: Delta['id'] | undefined = 'deltaId' in delta ? delta.deltaId : deltaIds[delta.newDelta];
    if (id === undefined) continue;
    const note = [expectation.reason, expectation.ticket].filter((part) => part !== undefined).join(', ');
    await store.deltas.acknowledge([id], {
      type: 'expected',
      by: expectation.createdBy,
      byName: expectation.byName,
      at: now,
      ...(note === '' ? {} : { note }),
    });
    await store.holds.setExpectation(expectation.id, 'came');
  }
}
