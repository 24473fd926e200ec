import type { Trx } from '../../database';
import { sumLots } from '../../lib/money/credit-lots';
import { listUsableLotsOfUsers, lockBalancesOfUsers } from '../../models/credits/balances';
import type { Changes, InventoryState } from '../../models/inventory/types';
import { updateCreditsApplied } from '../../models/credits/holds';
import { captureCredits, holdCredits, releaseCredits } from '../credits/hold-credits';
import { postCreditCapture } from '../payments/post-credit-payments';
import type { Command } from './rules/commands';
import { toCreditKey } from './rules/credits';

/** Lists whose credits a batch may spend or give back. */
function listSpenders({ storeOrders }: InventoryState, commands: Command[]): number[] {
  const userIds = commands.flatMap((command) => {
    if (command.kind === 'checkout') return command.creditsAmount === null ? [] : [command.actor.userId];
    if (command.kind === 'book') return command.creditsAmount === undefined ? [] : [command.actor.userId];
    // Credits pay the order.
    if ('paymentId' in command && command.paymentId === null) return [command.userId];
    const order = 'orderId' in command ? storeOrders.get(command.orderId) : undefined;
    return order && Number(order.creditsApplied) > 0 ? [order.userId] : [];
  });
  return [...new Set(userIds)];
}

/** Step: locks and reads the credits that a batch may spend or give back. Sends no query if there are none. */
export async function addCredits(trx: Trx, state: InventoryState, commands: Command[]): Promise<void> {
  const userIds = listSpenders(state, commands);
  if (userIds.length === 0) return;
  await lockBalancesOfUsers(trx, userIds);
  // A separate statement, because it must see what was committed before the lock was acquired.
  const lots = await listUsableLotsOfUsers(trx, userIds);
  for (const lot of lots) {
    const known = state.credits.get(toCreditKey(lot)) ?? '0';
    state.credits.set(toCreditKey(lot), sumLots([{ remaining: known }, lot]).toFixed());
  }
}

/** Step: sets aside, spends and gives back the credits of orders, in the order in which the batch decided it. */
export async function moveCredits(trx: Trx, moves: Changes['creditMoves']): Promise<void> {
  for (const { order, move } of moves) {
    const { id: orderId, userId, currency, creditsApplied: amount } = order;
    if (move === 'hold') await holdCredits(trx, { userId, currency, amount, orderId });
    else if (move === 'release') await releaseCredits(trx, orderId);
    else if (move === 'extend') {
      await releaseCredits(trx, orderId);
      await updateCreditsApplied(trx, orderId, amount);
      await holdCredits(trx, { userId, currency, amount, orderId });
    } else {
      await captureCredits(trx, orderId);
      await postCreditCapture(trx, orderId);
    }
  }
}
