interface SalesTimes<T> {
  salesStart: T | null;
  salesEnd: T | null;
  /** The start of the event. */
  startsAt: T;
}

/** Returns when sales close; defaults to the start of the event. */
export function getSalesEnd<T>({ salesEnd, startsAt }: Pick<SalesTimes<T>, 'salesEnd' | 'startsAt'>): T {
  return salesEnd ?? startsAt;
}

/** True between the start and the close of sales. */
export function isWithinSales<T extends number | Date>(times: SalesTimes<T>, now: T): boolean {
  return (times.salesStart === null || times.salesStart <= now) && now < getSalesEnd(times);
}
