import { useEffect, useState } from 'preact/hooks';

/**
 * What somebody wants to book. `seats` are chosen from the plan; without any, the best available ones are assigned.
 * @typedef {object} Choice
 * @property {Record<number, number>} counts by ticket type
 * @property {{ id: number, ticketTypeId: number, label: string }[]} seats
 */

/** @type {Choice} */
const NOTHING = { counts: {}, seats: [] };

const keyOf = (/** @type {number} */ eventId) => `bilten-choice-${eventId}`;

/** Keeps the choice in this tab, so that signing in, a reload or a mail to confirm does not lose it. @param {number} eventId */
export function useChoice(eventId) {
  const [choice, setChoice] = useState(NOTHING);
  useEffect(() => {
    const kept = sessionStorage.getItem(keyOf(eventId));
    if (kept) setChoice(JSON.parse(kept));
  }, [eventId]);
  const set = (/** @type {Choice} */ next) => {
    setChoice(next);
    sessionStorage.setItem(keyOf(eventId), JSON.stringify(next));
  };
  const clear = () => sessionStorage.removeItem(keyOf(eventId));
  return { choice, set, clear };
}

/** How many tickets of a type are chosen: as many as seats, where those are chosen. @param {Choice} choice @param {number} typeId @param {number[]} seatedTypeIds */
export function countOf({ counts, seats }, typeId, seatedTypeIds) {
  if (seats.length > 0 && seatedTypeIds.includes(typeId))
    return seats.filter(({ ticketTypeId }) => ticketTypeId === typeId).length;
  return counts[typeId] ?? 0;
}
