import { database } from '../../database';
import { roundShares, sumRevenues, type Revenue } from '../../lib/money/revenue';
import { listEventRevenues, listTypeRevenues } from '../../models/payments/revenue';

export interface EventRevenue {
  /** By currency; the event's currency is always included. */
  revenue: Revenue[];
  /** Returns the share of a ticket type, by currency. */
  ofType(ticketTypeId: number): Omit<Revenue, 'tax'>[];
}

/** Returns the revenue of an event according to the ledger. */
export async function reportRevenue(event: { id: number; currency: string }): Promise<EventRevenue> {
  const zero = { currency: event.currency, gross: '0', refunded: '0', tax: '0' };
  const [sums, shares] = await Promise.all([
    listEventRevenues(database, event.id),
    listTypeRevenues(database, event.id),
  ]);
  const revenue = sumRevenues([zero, ...sums]);
  const rounded = revenue.map((total) => ({ total, ofTypes: roundShares(total, shares) }));
  return {
    revenue,
    ofType: (ticketTypeId) =>
      rounded.flatMap(({ total, ofTypes }) => {
        const share = ofTypes.get(ticketTypeId);
        if (share) return [share];
        const [{ tax: _tax, ...none }] = sumRevenues([{ ...zero, currency: total.currency }]) as [Revenue];
        return total.currency === event.currency ? [none] : [];
      }),
  };
}
