import { setTimeout as sleep } from 'node:timers/promises';
import { startInstance, type Instance } from './instance';

// Runs the program with one guard removed, to show that this guard enforces the rule.

interface Modules {
  'models/inventory/read-state': typeof import('../../src/models/inventory/read-state');
  'models/inventory/lock-discounts': typeof import('../../src/models/inventory/lock-discounts');
  'models/inventory/products': typeof import('../../src/models/inventory/products');
  'models/inventory/booking-seats': typeof import('../../src/models/inventory/booking-seats');
  'models/inventory/write-changes': typeof import('../../src/models/inventory/write-changes');
  'models/credits/balances': typeof import('../../src/models/credits/balances');
  'models/licenses/licenses': typeof import('../../src/models/licenses/licenses');
  'services/inventory/rules/decide': typeof import('../../src/services/inventory/rules/decide');
  database: typeof import('../../src/database');
}

/** Per module, returns replacements for some of its exports, given the actual ones. */
export type Faults = { [M in keyof Modules]?: (actual: Modules[M]) => Partial<Modules[M]> };

/** Starts a separate API with these parts of the program replaced. */
export function startWithFaults(faults: Faults, environment: Record<string, string> = {}): Instance {
  const names = Object.keys(faults) as (keyof Modules)[];
  for (const name of names) {
    const path = `../../src/${name}`;
    jest.doMock(path, () => {
      const actual = jest.requireActual<Modules[typeof name]>(path);
      return { ...actual, ...(faults[name] as (module: object) => object)(actual) };
    });
  }
  try {
    return startInstance(environment);
  } finally {
    for (const name of names) jest.dontMock(`../../src/${name}`);
  }
}

/** Creates a barrier where `count` callers wait for each other. The wait is limited, because a lock may block some of them. */
export function createBarrier(count: number, patienceMs = 300): () => Promise<void> {
  let open: () => void = () => undefined;
  let isOpen = false;
  const opened = new Promise<void>((resolve) => (open = resolve));
  let arrived = 0;
  return async () => {
    arrived += 1;
    if (arrived >= count || isOpen) open();
    await Promise.race([opened, sleep(patienceMs)]);
    isOpen = true;
  };
}

/** Lets both transactions read before either writes, unless a lock keeps them apart. */
export function readAtTheSameTime(meet: () => Promise<void>): NonNullable<Faults['models/inventory/read-state']> {
  return ({ readInventoryState }) => ({
    async readInventoryState(...request) {
      const state = await readInventoryState(...request);
      await meet();
      return state;
    },
  });
}

/** Reads inventory rows without locking them. */
export const withoutLock: NonNullable<Faults['models/inventory/read-state']> = () => ({
  async lockInventory(trx, eventIds) {
    return trx('event_inventory').whereIn('event_id', eventIds).orderBy('event_id').select('event_id', 'waiting');
  },
});
