import Big from 'big.js';
import { database, runInTransaction } from '../../database';
import { repeatInChunks } from '../../lib/chunks';
import { sumLots } from '../../lib/money/credit-lots';
import { lockBalances, type CreditAccount } from '../../models/credits/balances';
import {
  findEndingCredits,
  listDueAccounts,
  listEndedLots,
  updateAnnouncedLots,
} from '../../models/credits/ending-lots';
import { insertEntry, removeFromLots } from '../../models/credits/entries';
import { addMessages } from '../outbox/add-messages';
import { postCredits } from '../payments/post-to-ledger';

const CHUNK_SIZE = 100;
/** How long before they end the owner of credits is told. */
export const ANNOUNCED_DAYS = 7;

async function expireOf(account: CreditAccount): Promise<void> {
  await runInTransaction(async (trx) => {
    await lockBalances(trx, [account]);
    const lots = await listEndedLots(trx, account);
    if (lots.length === 0) return;
    const amount = sumLots(lots).times(-1).toFixed();
    await removeFromLots(
      trx,
      lots.map(({ id, remaining }) => ({ lotId: id, amount: new Big(remaining).toFixed() })),
    );
    const entry = await insertEntry(trx, { ...account, kind: 'expire', amount });
    const { currency } = account;
    await postCredits(trx, {
      kind: 'credit_expire',
      entryId: entry.id,
      orderId: null,
      currency,
      account: 'promotions',
      amount,
    });
  });
}

/** Enters the credits that have ended. Returns of how many balances. */
export async function expireCredits(): Promise<number> {
  return repeatInChunks(CHUNK_SIZE, async (limit) => {
    const accounts = await listDueAccounts(database, limit);
    for (const account of accounts) await expireOf(account);
    return accounts.length;
  });
}

/** Tells owners of credits that these end soon, once for each lot. Returns how many messages that were. */
export async function announceEndingCredits(): Promise<number> {
  return repeatInChunks(CHUNK_SIZE, (limit) =>
    runInTransaction(async (trx) => {
      const accounts = await updateAnnouncedLots(trx, ANNOUNCED_DAYS, limit);
      await addMessages(
        trx,
        accounts.map((account) => ({ topic: 'credits.expiring' as const, payload: { ...account } })),
      );
      return accounts.length;
    }),
  );
}

/** Returns how much of a user's credits ends soon; undefined if nothing does. */
export async function findEnding(account: CreditAccount) {
  return findEndingCredits(database, account, ANNOUNCED_DAYS);
}
