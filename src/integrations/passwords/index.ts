import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Piscina } from 'piscina';
import { config } from '../../config';
import { AppError } from '../../errors';
import { isTooLong } from '../../lib/passwords';

const THREADS = availableParallelism();
/** The maximum number of waiting hashes per thread, about 30 seconds of work at the default cost. */
const QUEUE_PER_THREAD = 128;
const IDLE_MS = 60_000;
const RETRY_AFTER_S = 5;

// The salt and hash of bcrypt take 53 base64 characters; any will do for a comparison that must fail.
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

/** Hashes a password. @throws AppError UNAVAILABLE if too many are waiting */
export async function hashPassword(password: string): Promise<string> {
  return run('hash', { password, cost: config.bcryptCost });
}

/**
 * True if the password matches the hash. Without a hash (no such account) it is false, and takes equally long.
 * @throws AppError UNAVAILABLE if too many are waiting
 */
export async function matchesHash(password: string, hash: string | undefined): Promise<boolean> {
  // bcrypt would compare only the first 72 bytes.
  const isHopeless = hash === undefined || isTooLong(password);
  const isRight = await run<boolean>('compare', { password, hash: isHopeless ? NOBODYS_HASH : hash });
  return isRight && !isHopeless;
}

/** True if the hash was made at another cost than the configured one. */
export function isHashOutdated(hash: string): boolean {
  return Number(/^\$2[aby]\$(\d\d)\$/.exec(hash)?.[1]) !== config.bcryptCost;
}

/** Ends the threads. A later hash starts new ones. */
export async function closePasswords(): Promise<void> {
  const closing = pool;
  pool = undefined;
  await closing?.destroy();
}
