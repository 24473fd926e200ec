/** Ids tell the order of what they name, so they are not kept for longer. */
const MAX_AGE_MS = 1000;

export interface SpareIds {
  /** Takes ids that earlier batches reserved and did not use, so that refused commands use up none. */
  take: (count: number) => number[];
  /** Keeps the ids that a batch reserved and did not use. */
  returnUnused: (ids: number[]) => void;
}

export function createSpareIds(): SpareIds {
  let spareIds: number[] = [];
  let spareSince = 0;
  return {
    take(count) {
      if (performance.now() - spareSince > MAX_AGE_MS) spareIds = [];
      return spareIds.splice(0, count);
    },
    returnUnused(ids) {
      if (spareIds.length === 0) spareSince = performance.now();
      spareIds = [...ids, ...spareIds];
    },
  };
}
