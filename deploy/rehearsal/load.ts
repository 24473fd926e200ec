import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from './client';
import type { Walked } from './walk';

/** A steady load that counts every answer, and remembers what it was told about bookings. */

const CLIENTS = 12;
const PAUSE_MS = 60;
/** What undici says if the server has closed an idle connection just before it was used again. */
const CLOSED = 'other side closed';

export interface Acknowledged {
  reference: string;
  at: number;
}

export interface Load {
  requests: number;
  /** One line for each request without the expected answer. */
  failures: string[];
  /** Requests that were sent again because a connection that was kept alive had been closed, as browsers do. */
  repeated: number;
  slowestMs: number;
  /** Every booking that was answered with 201. */
  bookings: Acknowledged[];
  /** Starts counting anew. @returns what was counted */
  take(): Pick<Load, 'requests' | 'failures' | 'repeated' | 'slowestMs'>;
  stop(): Promise<void>;
}

export function startLoad({ customer, eventId }: Walked): Load {
  let isRunning = true;
  const load: Load = {
    requests: 0,
    failures: [],
    repeated: 0,
    slowestMs: 0,
    bookings: [],
    take() {
      const { requests, failures, repeated, slowestMs } = load;
      Object.assign(load, { requests: 0, failures: [], repeated: 0, slowestMs: 0 });
      return { requests, failures, repeated, slowestMs };
    },
    async stop() {
      isRunning = false;
      await running;
    },
  };

  async function request(name: string, options: Parameters<typeof send>[1], expected: number): Promise<unknown> {
    const from = performance.now();
    load.requests += 1;
    try {
      const { status, body } = await send<unknown>(name, options).catch((error: Error) => {
        if ((error.cause as Error | undefined)?.message !== CLOSED) throw error;
        load.repeated += 1;
        return send<unknown>(name, options);
      });
      if (status === expected) return body.data;
      load.failures.push(`${new Date().toISOString()} ${name}: ${status} ${JSON.stringify(body).slice(0, 300)}`);
    } catch (error) {
      const { message, cause } = error as Error;
      load.failures.push(`${new Date().toISOString()} ${name}: ${message} (${(cause as Error | undefined)?.message})`);
    } finally {
      load.slowestMs = Math.max(load.slowestMs, performance.now() - from);
    }
    return undefined;
  }

  async function client(): Promise<void> {
    while (isRunning) {
      await request('GET /events?limit=20', {}, 200);
      await sleep(PAUSE_MS);
      const headers = { 'Idempotency-Key': randomUUID() };
      const body = { eventId, ticketsCount: 1 };
      const booking = (await request('POST /bookings', { token: customer, body, headers }, 201)) as
        { reference: string } | undefined;
      if (booking) load.bookings.push({ reference: booking.reference, at: Date.now() });
      await sleep(PAUSE_MS);
      await request('GET /bookings/my-bookings?limit=5', { token: customer }, 200);
      await sleep(PAUSE_MS);
    }
  }
  const running = Promise.all(Array.from({ length: CLIENTS }, client));
  return load;
}
