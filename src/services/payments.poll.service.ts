import { database } from '../database';
import { inChunks } from '../lib/chunks';
import { logger } from '../logger';
import { claimDuePayments } from '../models/payments.model';
import { settlePayment } from './payments.settle.service';

const CHUNK = 50;

async function pollSome(limit: number): Promise<number> {
  const due = await claimDuePayments(database, limit);
  await Promise.all(
    due.map(({ id }) =>
      settlePayment(id).catch((error: Error) => logger.warn({ err: error, paymentId: id }, 'A payment is not settled')),
    ),
  );
  return due.length;
}

/** Asks providers about payments that nothing final is known of, as if a webhook had come. Returns how many. */
export async function pollPayments(): Promise<number> {
  return inChunks(CHUNK, pollSome);
}
