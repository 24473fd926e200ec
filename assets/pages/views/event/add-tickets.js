// What the page of an event loads once somebody puts tickets into the cart.
import { texts as common } from '#texts/common.js';
import { texts as store } from '#texts/store.js';
import { describeCartError } from '../cart/cart-problem.js';
import { addItem } from '../../lib/cart.js';

/**
 * Adds tickets to the cart, one type after the other. Returns the types that are in it now, and why the next one is not.
 * @param {{ ticketTypeId: number, quantity: number }[]} items
 * @param {{ id: number, ticketTypeId: number }[]} seats chosen from the plan
 * @returns {Promise<{ added: number[], error?: Error }>}
 */
export async function addTickets(items, seats) {
  /** @type {number[]} */
  const added = [];
  for (const { ticketTypeId, quantity } of items) {
    const seatIds = seats.filter((seat) => seat.ticketTypeId === ticketTypeId).map(({ id }) => id);
    try {
      await addItem({ ticketTypeId, quantity, ...(seatIds.length > 0 && { seatIds }) });
      added.push(ticketTypeId);
    } catch (/** @type {any} */ error) {
      const message = describeCartError(/** @type {any} */ ({ ...common, store }), error);
      return { added, error: Object.assign(new Error(message), { status: 400, code: 'CART' }) };
    }
  }
  return { added };
}
