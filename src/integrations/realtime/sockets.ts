import type { Server as HttpServer } from 'node:http';
import helmet from 'helmet';
import { config } from '../../config';
import { AppError } from '../../errors';
import { INT4_MAX } from '../../lib/ids';
import { logger } from '../../logger';
import { gauge } from '../metrics';
import { realtime, type RealtimeServer, type RealtimeSocket } from './server';

/** What the sockets ask of the trade. `B` is who is signed in. */
export interface Trade<B extends { userId: number }> {
  /** @throws AppError UNAUTHORIZED, TOKEN_EXPIRED, ACCOUNT_SUSPENDED, UNAVAILABLE */
  admit(token: string): Promise<B>;
  /** @throws AppError where the bearer would not be let in any more */
  refuseEnded(bearer: B): void;
  /** The availability of an event as of now. @throws AppError NOT_FOUND */
  availability(bearer: B, eventId: number): Promise<object>;
}

export interface Sockets {
  hasWatchers(eventId: number): boolean;
  watchedEvents(): number[];
  isHere(userId: number): boolean;
  /** To whoever watches the event here. */
  sendAvailability(eventId: number, availability: object): void;
  /** To every connection of the user here. */
  sendNotification(userId: number, notification: object): void;
  /** Hangs up, so that clients connect to another process. */
  close(): Promise<void>;
}

const MOST_WATCHES = 100;
/** Requests of a socket: so many at once, and so many a second in the long run. */
const BURST = 150;
const PER_SECOND = 10;
/** Packets that wait for a client that doesn't take them. */
const MOST_UNSENT = 500;
const SWEEP_MS = 1000;

const EVENT = 'event:';
const eventRoom = (eventId: number): string => `${EVENT}${eventId}`;
const userRoom = (userId: number): string => `user:${userId}`;

const failure = (error: unknown) => {
  const { code, message } = error instanceof AppError ? error : new AppError('INTERNAL_ERROR');
  return { success: false, error: { code, message } };
};

function refusal(error: unknown): Error {
  const { error: data } = failure(error);
  return Object.assign(new Error(data.message), { data });
}

function tokenOf(socket: RealtimeSocket): string {
  const { token } = socket.handshake.auth as { token?: unknown };
  if (typeof token !== 'string' || token === '')
    throw new AppError('UNAUTHORIZED', 'Send the access token at the handshake: `auth: { token }`.');
  return token.replace(/^bearer /i, '');
}

function eventIdOf(request: unknown): number {
  const eventId = (request as { eventId?: unknown } | null | undefined)?.eventId;
  if (!Number.isInteger(eventId) || (eventId as number) < 1 || (eventId as number) > INT4_MAX)
    throw new AppError('VALIDATION_ERROR', 'eventId must be the id of an event');
  return eventId as number;
}

/** Says no to whoever asks too often. */
function createBucket(): () => void {
  let left = BURST;
  let filledAt = performance.now();
  return () => {
    const now = performance.now();
    left = Math.min(BURST, left + ((now - filledAt) / 1000) * PER_SECOND);
    filledAt = now;
    if (left < 1) throw new AppError('RATE_LIMITED');
    left -= 1;
  };
}

function answerRequests<B extends { userId: number }>(socket: RealtimeSocket, bearer: B, trade: Trade<B>): void {
  const takeTurn = createBucket();

  async function watch(eventId: number): Promise<void> {
    const room = eventRoom(eventId);
    const watches = [...socket.rooms].filter((name) => name.startsWith(EVENT));
    if (!socket.rooms.has(room) && watches.length >= MOST_WATCHES)
      throw new AppError('RATE_LIMITED', `One connection watches at most ${MOST_WATCHES} events.`);
    // First of all, so that no change between reading and joining is missed.
    await socket.join(room);
    try {
      socket.emit('availability', await trade.availability(bearer, eventId));
    } catch (error) {
      await socket.leave(room);
      throw error;
    }
  }

  const requests = { watch, unwatch: async (eventId: number) => socket.leave(eventRoom(eventId)) };
  for (const [name, act] of Object.entries(requests)) {
    socket.on(name, (request: unknown, acknowledge: unknown) => {
      const answer = typeof acknowledge === 'function' ? (acknowledge as (with_: object) => void) : undefined;
      const work = async (): Promise<void> => {
        takeTurn();
        await act(eventIdOf(request));
      };
      work().then(
        () => answer?.({ success: true }),
        (error: unknown) => {
          if (!(error instanceof AppError)) logger.error({ err: error }, 'A live request failed');
          if (answer) answer(failure(error));
          else socket.emit('refused', { request: name, ...failure(error).error });
        },
      );
    });
  }
}

/** Ends what may not go on: signed out, suspended, expired, or not taking what it is sent. */
function sweep<B extends { userId: number }>(io: RealtimeServer, bearers: WeakMap<RealtimeSocket, B>, trade: Trade<B>) {
  for (const socket of io.sockets.sockets.values()) {
    const { writeBuffer } = socket.conn as unknown as { writeBuffer: unknown[] };
    if (writeBuffer.length > MOST_UNSENT) socket.conn.close();
    const bearer = bearers.get(socket);
    if (!bearer) continue;
    try {
      trade.refuseEnded(bearer);
    } catch (error) {
      socket.emit('signed_out', failure(error).error);
      socket.disconnect(true);
    }
  }
}

/** Takes live connections on this HTTP server. */
export function openSockets<B extends { userId: number }>(http: HttpServer, trade: Trade<B>): Sockets {
  const io = realtime();
  gauge({ name: 'bilten_sockets', help: 'Clients that listen to live updates' }, (set) => set(io.engine.clientsCount));
  const bearers = new WeakMap<RealtimeSocket, B>();
  let isClosing = false;
  io.attach(http, {
    allowRequest: (request, decide) => {
      const isKnown = request.url?.includes('sid=') ?? false;
      const isFull = !isKnown && io.engine.clientsCount >= config.liveConnections;
      decide(isClosing || isFull ? 'Try again in a moment.' : null, !isClosing && !isFull);
    },
  });
  io.engine.use(helmet());

  io.use((socket, next) => {
    const admit = async (): Promise<void> => {
      const bearer = await trade.admit(tokenOf(socket));
      if ((io.sockets.adapter.rooms.get(userRoom(bearer.userId))?.size ?? 0) >= config.liveConnectionsPerUser)
        throw new AppError('RATE_LIMITED', 'You have too many live connections.');
      socket.data.userId = bearer.userId;
      await socket.join(userRoom(bearer.userId));
      bearers.set(socket, bearer);
    };
    admit().then(
      () => next(),
      (error: unknown) => next(refusal(error)),
    );
  });
  io.on('connection', (socket) => answerRequests(socket, bearers.get(socket)!, trade));
  const sweeper = setInterval(() => sweep(io, bearers, trade), SWEEP_MS).unref();

  const { rooms } = io.sockets.adapter;
  return {
    hasWatchers: (eventId) => rooms.has(eventRoom(eventId)),
    watchedEvents: () =>
      [...rooms.keys()].filter((name) => name.startsWith(EVENT)).map((name) => Number(name.slice(EVENT.length))),
    isHere: (userId) => rooms.has(userRoom(userId)),
    sendAvailability: (eventId, availability) => io.local.to(eventRoom(eventId)).emit('availability', availability),
    sendNotification: (userId, notification) => io.local.to(userRoom(userId)).emit('notification', notification),
    async close() {
      isClosing = true;
      clearInterval(sweeper);
      // Not by a word of goodbye, after which clients would stay away.
      io.engine.close();
    },
  };
}
