export interface Attendee {
  name: string;
  email: string | null;
}

interface Line {
  ticketTypeId: number;
  quantity: number;
}

/** Assigns attendees to the tickets of each type, in the order in which the request lists the tickets. */
export function attendeesByType(lines: Line[], attendees: Attendee[]): Map<number, (Attendee | null)[]> {
  const byType = new Map<number, (Attendee | null)[]>();
  let next = 0;
  for (const { ticketTypeId, quantity } of lines) {
    const named = byType.get(ticketTypeId) ?? [];
    for (let count = 0; count < quantity; count += 1) named.push(attendees[next++] ?? null);
    byType.set(ticketTypeId, named);
  }
  return byType;
}
