import { database } from '../../database';
import type { Actor } from '../../lib/actor';
import { formatMoney } from '../../lib/money/money';
import { getOffset, toPage } from '../../lib/paging';
import { listBalances as listRows } from '../../models/credits/balances';
import { listEntries as listEntryRows, type CreditEntryKind, type CreditEntryRow } from '../../models/credits/entries';
import { getAccount } from '../users/accounts';

/** Returns an entry as the API shows it. */
export function presentEntry({ expiresAt, createdAt, ...entry }: CreditEntryRow) {
  return {
    ...entry,
    amount: formatMoney(entry.amount, entry.currency),
    expiresAt: expiresAt && new Date(expiresAt).toISOString(),
    createdAt: new Date(createdAt).toISOString(),
  };
}

export type CreditEntry = ReturnType<typeof presentEntry>;

async function presentBalances(userId: number) {
  const rows = await listRows(database, userId);
  return rows.map(({ currency, balance, held, expiring }) => ({
    currency,
    balance: formatMoney(balance, currency),
    held: formatMoney(held, currency),
    expiring: expiring.map(({ amount, expiresAt }) => ({
      amount: formatMoney(amount, currency),
      expiresAt: new Date(expiresAt).toISOString(),
    })),
  }));
}

/** Lists the caller's credits by currency. */
export async function listCredits(actor: Actor) {
  return presentBalances(actor.userId);
}

/** Lists the credits of a user by currency. @throws AppError NOT_FOUND */
export async function listUserCredits(userId: number) {
  await getAccount(database, userId);
  return presentBalances(userId);
}

export interface ListEntries {
  page: number;
  limit: number;
  kind?: CreditEntryKind;
  currency?: string;
}

/** Lists what has changed the caller's credits, newest first. */
export async function listEntries(actor: Actor, query: ListEntries) {
  const { rows, total } = await listEntryRows(database, {
    ...query,
    userId: actor.userId,
    offset: getOffset(query),
  });
  return toPage(rows.map(presentEntry), query, { total });
}
