// Which seats to give to people who belong together.

interface Place {
  /** In its row: neighbors differ by one. */
  position: number;
}

/** Places in the order in which they stand. */
export interface SeatRow<S extends Place> {
  section: string;
  seats: S[];
}

type IsFree<S> = (seat: S) => boolean;

/** Free seats that stand side by side. */
type Run<S> = S[];

function listRuns<S extends Place>({ seats }: SeatRow<S>, isFree: IsFree<S>): Run<S>[] {
  const runs: Run<S>[] = [];
  let last: S | undefined;
  for (const seat of seats) {
    if (!isFree(seat)) continue;
    if (last && seat.position === last.position + 1) runs[runs.length - 1]!.push(seat);
    else runs.push([seat]);
    last = seat;
  }
  return runs;
}

interface Fit<S> {
  seats: S[];
  /** Single seats that it leaves between taken ones. */
  orphans: number;
  /** From the middle of the row, in places. */
  distance: number;
}

function pickBetter<S>(one: Fit<S> | undefined, other: Fit<S>): Fit<S> {
  if (!one) return other;
  const isBetter = other.orphans - one.orphans || other.distance - one.distance;
  return isBetter < 0 ? other : one;
}

/** The best place side by side in one row: it leaves no single seat over if it can, and is near the middle. */
function fitInRow<S extends Place>(row: SeatRow<S>, isFree: IsFree<S>, count: number): Fit<S> | undefined {
  const middle = (row.seats[0]!.position + row.seats[row.seats.length - 1]!.position) / 2;
  let best: Fit<S> | undefined;
  for (const run of listRuns(row, isFree)) {
    for (let start = 0; start + count <= run.length; start += 1) {
      const behind = run.length - start - count;
      best = pickBetter(best, {
        seats: run.slice(start, start + count),
        orphans: Number(start === 1) + Number(behind === 1),
        distance: Math.abs(run[start]!.position + (count - 1) / 2 - middle),
      });
    }
  }
  return best;
}

const countSeats = <S>(runs: Run<S>[]): number => runs.reduce((sum, run) => sum + run.length, 0);

/** Out of the longest runs first; nobody sits alone and no seat stays alone if that can be helped. */
function fill<S>(runs: Run<S>[], count: number): S[] {
  const chosen: S[] = [];
  const ordered = [...runs].sort((a, b) => b.length - a.length);
  ordered.forEach((run, index) => {
    const left = count - chosen.length;
    const least = Math.min(run.length, left - countSeats(ordered.slice(index + 1)));
    let take = 0;
    let fewest = Infinity;
    for (let many = Math.min(run.length, left); many >= Math.max(least, 1); many -= 1) {
      // A person alone is worse than a seat alone.
      const lonely = Number(left - many === 1) + Number(many === 1 && left > 1);
      const alone = 2 * lonely + Number(run.length - many === 1);
      if (alone < fewest) [take, fewest] = [many, alone];
    }
    chosen.push(...run.slice(0, take));
  });
  return chosen;
}

/** As few neighboring rows of one section as hold them all, the best of those; else wherever there is room. */
function split<S extends Place>(rows: SeatRow<S>[], isFree: IsFree<S>, count: number): S[] {
  const open = rows.map((row) => ({ ...row, runs: listRuns(row, isFree) })).filter(({ runs }) => runs.length > 0);
  for (let span = 1; span <= Math.min(count, open.length); span += 1) {
    for (let start = 0; start + span <= open.length; start += 1) {
      if (open[start]!.section !== open[start + span - 1]!.section) continue;
      const runs = open.slice(start, start + span).flatMap((row) => row.runs);
      if (countSeats(runs) >= count) return fill(runs, count);
    }
  }
  return fill(
    open.flatMap(({ runs }) => runs),
    count,
  );
}

/**
 * The best free seats, of rows that come best first: side by side in the first row where that leaves no single seat over,
 * else in the first that has room at all, else in neighboring rows. Fewer than asked for only where no more are free.
 */
export function chooseSeats<S extends Place>(rows: SeatRow<S>[], isFree: IsFree<S>, count: number): S[] {
  let orphaning: Fit<S> | undefined;
  for (const row of rows) {
    const fit = fitInRow(row, isFree, count);
    if (fit?.orphans === 0) return fit.seats;
    orphaning ??= fit;
  }
  return orphaning?.seats ?? split(rows, isFree, count);
}

interface Kind extends Place {
  isAccessible: boolean;
  companionOf: number | null;
}

/** For people who have not said that they need one: accessible seats, and those beside them, only when nothing else is left. */
export function chooseBestSeats<S extends Kind>(rows: SeatRow<S>[], isFree: IsFree<S>, count: number): S[] {
  const kinds: IsFree<S>[] = [
    (seat) => !seat.isAccessible && seat.companionOf === null,
    (seat) => seat.companionOf !== null,
    (seat) => seat.isAccessible,
  ];
  const chosen: S[] = [];
  for (const isOfKind of kinds) {
    if (chosen.length === count) break;
    chosen.push(...chooseSeats(rows, (seat) => isOfKind(seat) && isFree(seat), count - chosen.length));
  }
  return chosen;
}
