import type { CreditBalance, CreditEntry, GrantCredits } from '../../client/api';
import { runInTransaction } from '../../src/database';
import { insertEntry, insertLots } from '../../src/models/credits/entries';
import { insertRefund } from '../../src/models/payments/refunds';
import { addMessages } from '../../src/services/outbox/add-messages';
import { insertLedgerTransaction } from '../../src/models/payments/ledger';
import { captureCredits, holdCredits } from '../../src/services/credits/hold-credits';
import { refundToCredits, type RefundToCredits } from '../../src/services/credits/refund-credits';
import { postCredits } from '../../src/services/payments/post-to-ledger';
import { registerUser, type TestUser } from './bookings';
import { aProduct, ordered } from './checkout';
import { as } from './client';
import type { QueryOf } from './endpoints';
import { anUnpaidOrder, deciding } from './orders';

let admin: TestUser | undefined;

/** The admin who gives credits in this file. */
export async function theGranter(): Promise<TestUser> {
  admin ??= await registerUser({ role: 'admin' });
  return admin;
}

export async function granting(user: TestUser, amount: string, fields: Record<string, unknown> = {}) {
  return as(await theGranter())
    .post(`/api/admin/users/${user.user.id}/credits`)
    .send({ amount, currency: 'EUR', reason: 'Thanks', ...fields });
}

/** Has an admin give credits, by default in EUR. */
export async function granted(
  user: TestUser,
  amount: string,
  fields: Partial<GrantCredits> = {},
): Promise<CreditEntry> {
  const grant = { amount, currency: 'EUR', reason: 'Thanks', ...fields };
  const path = { id: user.user.id };
  return (await as(await theGranter()).call('POST /api/admin/users/{id}/credits', { path, body: grant })).data;
}

export async function balancesOf(user: TestUser): Promise<CreditBalance[]> {
  return (await as(user).call('GET /api/credits')).data;
}

export async function entriesOf(
  user: TestUser,
  query: QueryOf<'GET /api/credits/entries'> = {},
): Promise<CreditEntry[]> {
  return (await as(user).call('GET /api/credits/entries', { query })).data;
}

export const kindsOf = async (user: TestUser): Promise<string[]> =>
  (await entriesOf(user)).map(({ kind, amount }) => `${kind} ${amount}`);

/** Has a user buy credits in EUR at their price. Returns the id of the order. */
export async function bought(user: TestUser, amount: string): Promise<number> {
  const product = { productType: 'credit', currency: 'EUR', price: amount, creditAmount: amount };
  const { id, payment } = await ordered(user, [{ productId: await aProduct(product) }], { paymentMethod: 'sandbox' });
  await deciding(payment!.paymentIntentId, 'succeed').expect(200);
  return id;
}

/** Returns the id of an order that can hold credits: whose it is does not matter. */
export async function anOrder(): Promise<number> {
  return (await anUnpaidOrder()).orderId;
}

/** Sets credits of a user in EUR aside for an order. */
export async function holding(user: TestUser, amount: string, orderId: number): Promise<void> {
  await runInTransaction((trx) => holdCredits(trx, { userId: user.user.id, currency: 'EUR', amount, orderId }));
}

/** Gives credits that have ended already, which no schedule has entered yet. */
export async function grantedUntilNow(user: TestUser, amount: string): Promise<void> {
  const expiresAt = new Date(Date.now() - 1000);
  await runInTransaction(async (trx) => {
    const given = { userId: user.user.id, currency: 'EUR', kind: 'grant' as const, amount, expiresAt };
    const entry = await insertEntry(trx, given);
    await insertLots(trx, entry, [{ isGranted: true, amount, expiresAt }]);
    const posting = { kind: 'credit_grant' as const, entryId: entry.id, orderId: null, currency: 'EUR' };
    await postCredits(trx, { ...posting, account: 'promotions', amount });
  });
}

/** Spends what an order holds, and posts that as a payment does. */
export async function capturing(orderId: number): Promise<void> {
  await runInTransaction(async (trx) => {
    const amount = (await captureCredits(trx, orderId))!;
    const references = { kind: 'capture' as const, currency: 'EUR', orderId, paymentId: null, refundId: null };
    const lines = [
      { account: 'provider:credits', amount },
      { account: 'sales', amount: `-${amount}` },
    ];
    await insertLedgerTransaction(trx, { ...references, lines });
  });
}

/** Refunds to credits, and posts that as a refund does. */
export async function refundingToCredits(user: TestUser, refund: Omit<RefundToCredits, 'userId' | 'currency'>) {
  await runInTransaction(async (trx) => {
    await refundToCredits(trx, { userId: user.user.id, currency: 'EUR', ...refund });
    const { amount, orderId } = refund;
    const { id: refundId } = await insertRefund(trx, {
      of: { orderId },
      amount,
      currency: 'EUR',
      cause: 'request',
      reason: null,
      requestedBy: null,
      isToCredits: true,
    });
    await addMessages(trx, [{ topic: 'refund.sent', payload: { refundId } }]);
    const references = { kind: 'refund' as const, currency: 'EUR', orderId, paymentId: null, refundId: null };
    const lines = [
      { account: 'sales', amount },
      { account: 'provider:credits', amount: `-${amount}` },
    ];
    await insertLedgerTransaction(trx, { ...references, lines });
  });
}
