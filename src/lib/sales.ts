interface SalesTimes<T> {
  salesStart: T | null;
  salesEnd: T | null;
  /** The start of the event. */
  startsAt: T;
}

/** When sales close: by default when the event starts. */
export function getSalesEnd<T>({ salesEnd, startsAt }: Pick<SalesTimes<T>, 'salesEnd' | 'startsAt'>): T {
  return salesEnd ?? startsAt;
}

/** True from the start of sales on, and before they close. */
export function isWithinSales<T extends number | Date>(times: SalesTimes<T>, now: T): boolean {
  return (times.salesStart === null || times.salesStart <= now) && now < getSalesEnd(times);
}
