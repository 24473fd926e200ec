/** Ids tell the order of bookings, so they are not kept for longer. */
const MAX_AGE_MS = 1000;

let spareIds: number[] = [];
let spareSince = 0;

/** Takes booking ids that earlier batches reserved and did not use, so that refused bookings use up none. */
export function takeSpareIds(count: number): number[] {
  if (performance.now() - spareSince > MAX_AGE_MS) spareIds = [];
  return spareIds.splice(0, count);
}

/** Keeps the ids that a batch reserved for bookings it did not make. */
export function returnSpareIds(ids: number[]): void {
  if (spareIds.length === 0) spareSince = performance.now();
  spareIds = [...ids, ...spareIds];
}
