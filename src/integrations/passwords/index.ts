import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Piscina } from 'piscina';
import { config } from '../../config';
import { AppError } from '../../errors';
import { isTooLong } from '../../lib/passwords';

const THREADS = availableParallelism();
/** Hashes that may wait per thread: about half a minute of them at the usual cost. */
const QUEUE_PER_THREAD = 128;
const IDLE_MS = 60_000;
const RETRY_AFTER_S = 5;

// bcrypt's salt and hash take 53 characters of its base64; which ones is nothing to a comparison that must fail.
const NOBODYS_HASH = `$2b$${String(config.bcryptCost).padStart(2, '0')}$${'C6UzMDM.H6dfI/f/IKcEe.'.padEnd(53, '7')}`;

let pool: Piscina | undefined;

async function run<T>(name: 'hash' | 'compare', task: object): Promise<T> {
  pool ??= new Piscina({
    filename: path.join(__dirname, 'worker.js'),
    minThreads: 0,
    maxThreads: THREADS,
    idleTimeout: IDLE_MS,
  });
  if (pool.queueSize >= THREADS * QUEUE_PER_THREAD)
    throw new AppError('UNAVAILABLE', 'Too many people are signing in: try again in a moment.', {
      retryAfter: RETRY_AFTER_S,
    });
  return (await pool.run(task, { name })) as T;
}

/** @throws AppError UNAVAILABLE when too many are waiting */
export async function hashPassword(password: string): Promise<string> {
  return run('hash', { password, cost: config.bcryptCost });
}

/**
 * Whether this is the password of this hash. Without a hash (no such account) the answer is no, and takes as long.
 * @throws AppError UNAVAILABLE when too many are waiting
 */
export async function matchesHash(password: string, hash: string | undefined): Promise<boolean> {
  // bcrypt would look at the first 72 bytes only.
  const isHopeless = hash === undefined || isTooLong(password);
  const isRight = await run<boolean>('compare', { password, hash: isHopeless ? NOBODYS_HASH : hash });
  return isRight && !isHopeless;
}

/** Whether the hash was made at another cost than is wanted now. */
export function isHashOutdated(hash: string): boolean {
  return Number(/^\$2[aby]\$(\d\d)\$/.exec(hash)?.[1]) !== config.bcryptCost;
}

/** Ends the threads; a later hash starts new ones. */
export async function closePasswords(): Promise<void> {
  const closing = pool;
  pool = undefined;
  await closing?.destroy();
}
