import { database } from '../../database';
import { repeatInChunks } from '../../lib/chunks';
import { logger } from '../../logger';
import { claimDuePayments } from '../../models/payments/payments';
import { syncPayment } from './sync-payment';

const POLL_CHUNK_SIZE = 50;

async function pollChunk(limit: number): Promise<number> {
  const due = await claimDuePayments(database, limit);
  await Promise.all(
    due.map(({ id }) =>
      syncPayment(id).catch((error: Error) =>
        logger.warn({ err: error, paymentId: id }, 'A payment could not be synced with its provider'),
      ),
    ),
  );
  return due.length;
}

/** Syncs payments without a final status with their providers, as if a webhook had arrived. Returns how many. */
export async function pollPayments(): Promise<number> {
  return repeatInChunks(POLL_CHUNK_SIZE, pollChunk);
}
