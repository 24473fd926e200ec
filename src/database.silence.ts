import type { Socket } from 'node:net';
import type pg from 'pg';

const SWEEP_MS = 250;

/** What node-postgres keeps on its clients and does not declare. */
interface Client extends pg.ClientBase {
  /** False while a statement waits for its result. */
  readyForQuery?: boolean;
  connection: { stream: Socket };
}

interface Watched {
  limitMs: number;
  bytesRead: number;
  /** How long a statement has waited without a byte from the server. */
  quietMs: number;
  /** Whether another connection has fallen silent since this one last heard anything. */
  isSuspect: boolean;
}

const watched = new Map<Client, Watched>();
let sweptAt = 0;
let timer: NodeJS.Timeout | undefined;

/** The error of statements whose server fell silent. Its code is the one that the kernel would give, a quarter of an hour later. */
class SilenceError extends Error {
  readonly code = 'ETIMEDOUT';
}

function sweep(): void {
  const now = performance.now();
  // After a pause of this process the answers lie unread in the kernel: the pause does not count as silence.
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
    for (const other of watched.values()) other.isSuspect = true;
    stream.destroy(new SilenceError(`PostgreSQL did not answer within ${Math.round(state.limitMs / 100) / 10} s`));
  }
}

/**
 * Destroys this connection once a statement has waited that long without hearing anything, and thereby fails the statement:
 * where packets are dropped, TCP itself gives up after a quarter of an hour. One timer serves all connections, so that a
 * statement costs nothing.
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
 * Whether an idle connection may be used. One that may lead nowhere, like another that has just fallen silent, is destroyed:
 * each of a pool would otherwise cost a request to find out.
 */
export function isTrusted(connection: pg.ClientBase): boolean {
  const client = connection as Client;
  if (!watched.get(client)?.isSuspect) return true;
  client.connection.stream.destroy();
  return false;
}

/** Gives a connection another limit. Returns the one it had. */
export function setSilenceLimit(connection: pg.ClientBase, limitMs: number): number | undefined {
  const state = watched.get(connection as Client);
  const before = state?.limitMs;
  if (state) state.limitMs = limitMs;
  return before;
}

/** How long the quietest of these connections has waited for an answer. */
export function getLongestSilence(connections: Iterable<pg.ClientBase>): number {
  let longest = 0;
  for (const connection of connections) longest = Math.max(longest, watched.get(connection as Client)?.quietMs ?? 0);
  return longest;
}

const END_MS = 1000;

/** Says goodbye to the server, and goes without its reply where none comes. */
export async function endConnection(connection: pg.ClientBase & { end(): Promise<void> }): Promise<void> {
  const { stream } = (connection as unknown as Client).connection;
  const late = setTimeout(() => stream.destroy(), END_MS);
  await connection.end().catch(() => undefined);
  clearTimeout(late);
}
