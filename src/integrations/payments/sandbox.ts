import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { config } from '../../config';
import { database } from '../../database';
import { createValidationError } from '../../errors';
import { deriveKey } from '../../lib/derived-key';
import type { PaymentProvider, PaymentState, PaymentStatus, ProviderMessage } from './types';

// A provider without money. Intents are rows, so that all processes share them; a route decides their outcome.

const TOLERANCE_SECONDS = 300;
const SIGNATURE = 'sandbox-signature';

interface IntentRow {
  id: string;
  amount: string;
  currency: string;
  status: PaymentStatus;
  captured: string;
  is_disputed: boolean;
}

async function findIntent(id: string): Promise<IntentRow | undefined> {
  return (await database('sandbox_intents').where({ id }).first()) as IntentRow | undefined;
}

async function getIntent(id: string): Promise<IntentRow> {
  const intent = await findIntent(id);
  if (!intent) throw new Error(`The sandbox knows no intent ${id}.`);
  return intent;
}

const signWith = (text: string) => createHmac('sha256', deriveKey(config.jwtSecret ?? '', 'sandbox')).update(text);

const getClientSecret = (id: string): string => `${id}_secret_${signWith(`secret ${id}`).digest('hex').slice(0, 24)}`;

/** Returns the signature header of a webhook: `t=<seconds>,v1=<hmac of "seconds.body">`. */
export function signSandboxWebhook(body: string | Buffer, seconds = Math.floor(Date.now() / 1000)): string {
  return `t=${seconds},v1=${signWith(`webhook ${seconds}.`).update(body).digest('hex')}`;
}

function assertSignature(body: Buffer, header: string | undefined): void {
  const seconds = Number(/(?:^|,)t=(\d{1,12})(?:,|$)/.exec(header ?? '')?.[1]);
  const expected = Buffer.from(signSandboxWebhook(body, seconds));
  const given = Buffer.from(header ?? '');
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw createValidationError('signature', 'is missing or wrong');
  if (Math.abs(Date.now() / 1000 - seconds) > TOLERANCE_SECONDS) throw createValidationError('signature', 'is too old');
}

function readMessage(body: Buffer): ProviderMessage {
  try {
    const { id, type, intentId } = JSON.parse(body.toString('utf8')) as Partial<ProviderMessage>;
    if (typeof id === 'string' && typeof type === 'string' && id !== '')
      return { id, type, intentId: typeof intentId === 'string' ? intentId : null };
  } catch {
    // Reported below.
  }
  throw createValidationError('body', 'is not a delivery of the sandbox');
}

export const sandbox: PaymentProvider = {
  name: 'sandbox',

  async createIntent({ idempotencyKey, amount, currency }) {
    const fresh = { id: `sbx_${randomUUID().replaceAll('-', '')}`, idempotency_key: idempotencyKey, amount, currency };
    await database('sandbox_intents').insert(fresh).onConflict('idempotency_key').ignore();
    const { id } = (await database('sandbox_intents').where('idempotency_key', idempotencyKey).first('id')) as {
      id: string;
    };
    return { id, clientSecret: getClientSecret(id), redirectUrl: null };
  },

  async findState(intentId): Promise<PaymentState> {
    const { currency, status, captured, is_disputed: isDisputed } = await getIntent(intentId);
    const [row] = (await database('sandbox_refunds')
      .where('intent_id', intentId)
      .select(database.raw('coalesce(sum(amount), 0)::numeric(14,3)::text AS refunded'))) as { refunded: string }[];
    return { intentId, status, currency, captured, refunded: row!.refunded, isDisputed };
  },

  async cancelIntent(intentId) {
    await database('sandbox_intents')
      .where('id', intentId)
      .whereIn('status', ['pending', 'failed'])
      .update({ status: 'cancelled' });
  },

  async refund({ intentId, amount, idempotencyKey }) {
    const id = `sbr_${randomUUID().replaceAll('-', '')}`;
    // Like every provider, it refunds no more than was captured, and repeats have no effect.
    await database.transaction(async (trx) => {
      await trx('sandbox_intents').where('id', intentId).forUpdate().first('id');
      await trx.raw(
        `INSERT INTO sandbox_refunds (id, intent_id, idempotency_key, amount)
         SELECT :id, i.id, :idempotencyKey, :amount::numeric FROM sandbox_intents i
         WHERE i.id = :intentId AND i.captured >= :amount::numeric + (SELECT coalesce(sum(amount), 0) FROM sandbox_refunds WHERE intent_id = i.id)
         ON CONFLICT (idempotency_key) DO NOTHING`,
        { id, idempotencyKey, amount, intentId },
      );
    });
    const made = (await database('sandbox_refunds').where('idempotency_key', idempotencyKey).first('id')) as
      { id: string } | undefined;
    return made ? { id: made.id, status: 'succeeded' } : { id, status: 'failed' };
  },

  readWebhook(body, headers) {
    return new Promise((resolve) => {
      assertSignature(body, headers[SIGNATURE]);
      resolve(readMessage(body));
    });
  },
};

export type SandboxOutcome = 'succeed' | 'fail';

/**
 * Does what the customer would do on a provider's page. As with real providers, money for a cancelled intent can still arrive.
 * Returns false if there is no such intent.
 */
export async function decideSandboxIntent(intentId: string, outcome: SandboxOutcome): Promise<boolean> {
  const update =
    outcome === 'succeed' ? { status: 'succeeded', captured: database.ref('amount') } : { status: 'failed' };
  const open = ['pending', 'processing', 'failed', ...(outcome === 'succeed' ? ['cancelled'] : [])];
  await database('sandbox_intents').where('id', intentId).whereIn('status', open).update(update);
  return (await findIntent(intentId)) !== undefined;
}
