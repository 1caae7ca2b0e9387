import { afterEach, beforeEach, describe } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { answerFacts } from './store-contract/answers.ts';
import { claimFacts } from './store-contract/claims.ts';
import { commitFacts } from './store-contract/commits.ts';
import { deltaFacts } from './store-contract/deltas.ts';
import { eventFacts } from './store-contract/events.ts';
import { groupFacts } from './store-contract/groups.ts';
import { holdFacts } from './store-contract/holds.ts';
import { leaseFacts } from './store-contract/leases.ts';
import { messageFacts } from './store-contract/messages.ts';
import { recordFacts } from './store-contract/records.ts';
import { reportFacts } from './store-contract/reports.ts';
import { scanFacts } from './store-contract/scans.ts';
import { signedFacts } from './store-contract/signed.ts';
import { stateFacts } from './store-contract/states.ts';

/** An empty, migrated database for one test. */
export type StoreUnderTest = {
  open(): Promise<Store>;
  dispose(): Promise<void>;
};

export type Context = {
  store: Store;
  /** As after a crash: everything is left as it is, and a new store opens the same database. */
  reopen(): Promise<Store>;
};

/** What every store must do, whatever the database. */
export function storeContract(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let under: StoreUnderTest;
    let opened: Store[] = [];
    const open = async () => {
      const store = await under.open();
      opened.push(store);
      return store;
    };
    const context: { current?: Context } = {};

    beforeEach(async () => {
      under = await create();
      opened = [];
      context.current = { store: await open(), reopen: open };
    });
    afterEach(async () => {
      for (const store of opened) await store.close();
      await under.dispose();
    });

    const given = (): Context => {
      if (context.current === undefined) throw new Error('no store outside of a test');
      return context.current;
    };
    groupFacts(given);
    scanFacts(given);
    stateFacts(given);
    commitFacts(given);
    deltaFacts(given);
    answerFacts(given);
    messageFacts(given);
    claimFacts(given);
    eventFacts(given);
    holdFacts(given);
    leaseFacts(given);
    recordFacts(given);
    reportFacts(given);
    signedFacts(given);
  });
}
