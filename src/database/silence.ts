import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

const SWEEP_MS = 250;

/** Undeclared properties of node-postgres clients. */
interface Client extends pg.ClientBase {
  /** False while a statement waits for its result. */
  readyForQuery?: boolean;
  connection: { stream: Socket };
}

interface Watched {
  limitMs: number;
  bytesRead: number;
  /** Milliseconds that a statement has waited without a byte from the server. */
  quietMs: number;
  /** True if another connection has fallen silent since this one last received a byte. */
  isSuspect: boolean;
  /** If set, silence is allowed as long as this returns true. */
  isWorking?: () => Promise<boolean>;
}

const watched = new Map<Client, Watched>();
let sweptAt = 0;
let timer: NodeJS.Timeout | undefined;

/** The error of statements whose server fell silent. It has the code that the kernel would report about 15 minutes later. */
class SilenceError extends Error {
  readonly code = 'ETIMEDOUT';
}

function giveUp(client: Client, { limitMs }: Watched): void {
  for (const other of watched.values()) other.isSuspect = true;
  client.connection.stream.destroy(
    new SilenceError(`PostgreSQL did not answer within ${Math.round(limitMs / 100) / 10} s`),
  );
}

/** Gives up if the server does not work on the statement and nothing arrives: its request or its answer was lost. */
async function giveUpUnlessWorking(client: Client, state: Watched): Promise<void> {
  const { bytesRead } = state;
  state.quietMs = 0;
  // If the server cannot be asked, it is asked again after the same time.
  const isWorking = await state.isWorking!().catch(() => true);
  if (isWorking) return;
  // The server reports the end of a statement shortly before it sends the last bytes.
  await sleep(SWEEP_MS, undefined, { ref: false });
  if (!client.readyForQuery && client.connection.stream.bytesRead === bytesRead) giveUp(client, state);
}

function sweep(): void {
  const now = performance.now();
  // If this process was paused, responses are waiting unread in the kernel, so the pause does not count as silence.
  const elapsed = Math.min(now - sweptAt, 2 * SWEEP_MS);
  sweptAt = now;
  for (const [client, state] of watched) {
    const { stream } = client.connection;
    if (client.readyForQuery || stream.bytesRead !== state.bytesRead) {
      if (stream.bytesRead !== state.bytesRead) state.isSuspect = false;
      state.bytesRead = stream.bytesRead;
      state.quietMs = 0;
      continue;
    }
    state.quietMs += elapsed;
    if (state.quietMs < state.limitMs) continue;
    if (state.isWorking) void giveUpUnlessWorking(client, state);
    else giveUp(client, state);
  }
}

/**
 * Destroys the connection, which fails its statement, once the statement has waited this long without receiving a byte. If
 * packets are dropped, TCP itself gives up only after about 15 minutes. One timer serves all connections, so that statements
 * cost nothing extra.
 */
export function watchSilence(connection: pg.ClientBase, limitMs: number): void {
  const client = connection as Client;
  watched.set(client, { limitMs, bytesRead: client.connection.stream.bytesRead, quietMs: 0, isSuspect: false });
  client.once('end', () => {
    watched.delete(client);
    if (watched.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  });
  if (timer) return;
  sweptAt = performance.now();
  timer = setInterval(sweep, SWEEP_MS).unref();
}

/**
 * True if an idle connection can be used. A connection that may be dead, because another has just fallen silent, is destroyed;
 * otherwise each connection of the pool would fail one request before this is noticed.
 */
export function isTrusted(connection: pg.ClientBase): boolean {
  const client = connection as Client;
  if (!watched.get(client)?.isSuspect) return true;
  client.connection.stream.destroy();
  return false;
}

/**
 * Allows a connection any silence as long as `isWorking` returns true, which is asked each time that its limit has passed. Returns
 * a function that ends this.
 */
export function allowSilenceWhile(connection: pg.ClientBase, isWorking: () => Promise<boolean>): () => void {
  const state = watched.get(connection as Client);
  if (state) state.isWorking = isWorking;
  return () => {
    if (state) delete state.isWorking;
  };
}

/** Returns the longest time that one of these connections has waited for a response. */
export function getLongestSilence(connections: Iterable<pg.ClientBase>): number {
  let longest = 0;
  for (const connection of connections) longest = Math.max(longest, watched.get(connection as Client)?.quietMs ?? 0);
  return longest;
}

const END_MS = 1000;

/** Closes a connection; does not wait for the server if it does not respond. */
export async function endConnection(connection: pg.ClientBase & { end(): Promise<void> }): Promise<void> {
  const { stream } = (connection as unknown as Client).connection;
  const late = setTimeout(() => stream.destroy(), END_MS);
  await connection.end().catch(() => undefined);
  clearTimeout(late);
}
