const SLOT_MS = 15_000;
const SLOTS = 20;
/** Upper bounds in milliseconds; each is a quarter more than the one before. */
const BOUNDS = Array.from({ length: 48 }, (_, i) => 0.25 * 1.25 ** i);

interface Slot {
  number: number;
  count: number;
  errors: number;
  sum: number;
  buckets: Float64Array;
}

export interface RecentRequests {
  /** How long back this looks. */
  seconds: number;
  count: number;
  /** Answered with 5xx. */
  errors: number;
  averageMs: number | null;
  /** To within a quarter. */
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
}

const slots: Slot[] = Array.from({ length: SLOTS }, () => ({
  number: -1,
  count: 0,
  errors: 0,
  sum: 0,
  buckets: new Float64Array(BOUNDS.length + 1),
}));

const slotNumber = (): number => Math.floor(performance.now() / SLOT_MS);

function currentSlot(): Slot {
  const number = slotNumber();
  const slot = slots[number % SLOTS]!;
  if (slot.number !== number) {
    Object.assign(slot, { number, count: 0, errors: 0, sum: 0 });
    slot.buckets.fill(0);
  }
  return slot;
}

export function noteRequest(status: number, ms: number): void {
  const slot = currentSlot();
  slot.count += 1;
  slot.sum += ms;
  if (status >= 500) slot.errors += 1;
  const bucket = ms <= BOUNDS[0]! ? 0 : Math.ceil(Math.log(ms / BOUNDS[0]!) / Math.log(1.25));
  slot.buckets[Math.min(bucket, BOUNDS.length)]! += 1;
}

function quantile(buckets: Float64Array, count: number, share: number): number | null {
  if (count === 0) return null;
  let seen = 0;
  const at = buckets.findIndex((some) => (seen += some) >= share * count);
  return Math.round(BOUNDS[Math.min(at, BOUNDS.length - 1)]! * 100) / 100;
}

/** How this process answered in the last five minutes. */
export function recentRequests(): RecentRequests {
  const oldest = slotNumber() - SLOTS;
  const buckets = new Float64Array(BOUNDS.length + 1);
  const all = { count: 0, errors: 0, sum: 0 };
  for (const slot of slots) {
    if (slot.number <= oldest) continue;
    all.count += slot.count;
    all.errors += slot.errors;
    all.sum += slot.sum;
    for (const [i, some] of slot.buckets.entries()) buckets[i]! += some;
  }
  const { count, errors, sum } = all;
  return {
    seconds: (SLOTS * SLOT_MS) / 1000,
    count,
    errors,
    averageMs: count === 0 ? null : Math.round((sum / count) * 100) / 100,
    p50Ms: quantile(buckets, count, 0.5),
    p95Ms: quantile(buckets, count, 0.95),
    p99Ms: quantile(buckets, count, 0.99),
  };
}
