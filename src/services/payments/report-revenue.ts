import { database } from '../../database';
import { roundShares, sumRevenues, type Revenue } from '../../lib/money/revenue';
import { listEventRevenues, listTypeRevenues } from '../../models/payments/revenue';

export interface EventRevenue {
  /** By currency; the event's own is always there. */
  revenue: Revenue[];
  /** What a ticket type's share of it is. */
  ofType(ticketTypeId: number): Omit<Revenue, 'tax'>[];
}

/** What an event has earned, by the ledger as it is now. */
export async function reportRevenue(event: { id: number; currency: string }): Promise<EventRevenue> {
  const nothing = { currency: event.currency, gross: '0', refunded: '0', tax: '0' };
  const [sums, shares] = await Promise.all([
    listEventRevenues(database, event.id),
    listTypeRevenues(database, event.id),
  ]);
  const revenue = sumRevenues([nothing, ...sums]);
  const rounded = revenue.map((whole) => ({ whole, ofTypes: roundShares(whole, shares) }));
  return {
    revenue,
    ofType: (ticketTypeId) =>
      rounded.flatMap(({ whole, ofTypes }) => {
        const share = ofTypes.get(ticketTypeId);
        if (share) return [share];
        const [{ tax: _tax, ...none }] = sumRevenues([{ ...nothing, currency: whole.currency }]) as [Revenue];
        return whole.currency === event.currency ? [none] : [];
      }),
  };
}
