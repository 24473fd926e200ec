// Chooses seats for people who want to sit together.

interface Place {
  /** The position in the row; adjacent seats differ by one. */
  position: number;
}

/** A row of seats in order of position. */
export interface SeatRow<S extends Place> {
  section: string;
  seats: S[];
}

type IsFree<S> = (seat: S) => boolean;

/** Adjacent free seats. */
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
  /** The number of single seats left between taken ones. */
  orphans: number;
  /** The distance from the middle of the row, in positions. */
  distance: number;
}

function pickBetter<S>(one: Fit<S> | undefined, other: Fit<S>): Fit<S> {
  if (!one) return other;
  const isBetter = other.orphans - one.orphans || other.distance - one.distance;
  return isBetter < 0 ? other : one;
}

/** Returns the best adjacent seats in a row: leaving no single seat free if possible, then closest to the middle. */
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

/** Takes seats from the longest runs first, avoiding people who sit alone and single seats left over. */
function fill<S>(runs: Run<S>[], count: number): S[] {
  const chosen: S[] = [];
  const ordered = [...runs].sort((a, b) => b.length - a.length);
  ordered.forEach((run, index) => {
    const left = count - chosen.length;
    const least = Math.min(run.length, left - countSeats(ordered.slice(index + 1)));
    let take = 0;
    let fewest = Infinity;
    for (let many = Math.min(run.length, left); many >= Math.max(least, 1); many -= 1) {
      // A person sitting alone counts twice as much as a single seat left over.
      const lonely = Number(left - many === 1) + Number(many === 1 && left > 1);
      const alone = 2 * lonely + Number(run.length - many === 1);
      if (alone < fewest) [take, fewest] = [many, alone];
    }
    chosen.push(...run.slice(0, take));
  });
  return chosen;
}

/** Returns seats in as few adjacent rows of one section as possible; otherwise, wherever seats are free. */
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
 * Returns the best free seats of rows that are sorted best first: adjacent in the first row where no single seat is left over,
 * otherwise in the first row with room, otherwise in adjacent rows. Returns fewer seats only if no more are free.
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

/** Like `chooseSeats`, but takes companion seats, and then accessible seats, only when no others are left. */
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
