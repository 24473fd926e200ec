import type { IncomingMessage, Server as HttpServer } from 'node:http';
import helmet from 'helmet';
import { config } from '../../config';
import { AppError } from '../../errors';
import { INT4_MAX } from '../../lib/ids';
import { logger } from '../../logger';
import { registerGauge } from '../metrics';
import { createAddressLimits, createBucket, type TryConsume } from './address-limits';
import { realtime, type RealtimeServer, type RealtimeSocket } from './server';

/** The services that the sockets call. `B` is the bearer of a token. */
export interface SocketHandlers<B extends { userId: number }> {
  /** @throws AppError UNAUTHORIZED, TOKEN_EXPIRED, ACCOUNT_SUSPENDED, UNAVAILABLE */
  admit(token: string): Promise<B>;
  /** @throws AppError if the bearer no longer has access */
  assertNotRevoked(bearer: B): void;
  /** Returns the current availability of an event; the bearer is optional. @throws AppError NOT_FOUND */
  availability(bearer: B | undefined, eventId: number): Promise<object>;
  /** Returns the address of the client behind trusted proxies. */
  addressOf(request: IncomingMessage): string;
}

export interface Sockets {
  hasWatchers(eventId: number): boolean;
  watchedEvents(): number[];
  isHere(userId: number): boolean;
  /** Sends to everyone who watches the event in this process. */
  sendAvailability(eventId: number, availability: object): void;
  /** Sends to every connection of the user in this process. */
  sendNotification(userId: number, notification: object): void;
  /** Sends to every connection of the user in this process that a support ticket has changed. */
  sendSupport(userId: number, change: object): void;
  /** Closes all connections, so that clients reconnect to another process. */
  close(): Promise<void>;
}

/** The maximum number of events that a connection can watch. */
const MAX_WATCHES = { signedIn: 100, signedOut: 20 };
/** The maximum number of packets waiting for a slow client. */
const MAX_UNSENT_MESSAGES = 500;
const SWEEP_MS = 1000;

const EVENT = 'event:';
const getEventRoom = (eventId: number): string => `${EVENT}${eventId}`;
const getUserRoom = (userId: number): string => `user:${userId}`;

const toFailure = (error: unknown) => {
  const { code, message } = error instanceof AppError ? error : new AppError('INTERNAL_ERROR');
  return { success: false, error: { code, message } };
};

type EngineConnection = RealtimeSocket['conn'];

function toRefusal(error: unknown): Error {
  const { error: data } = toFailure(error);
  return Object.assign(new Error(data.message), { data });
}

/**
 * Returns the token of the handshake; undefined if there is none. A token in the wrong place is rejected, so that no client is
 * treated as signed out by mistake.
 */
function getToken({ handshake: { auth, headers, query } }: RealtimeSocket): string | undefined {
  const token = (auth as { token?: unknown }).token ?? headers.authorization ?? undefined;
  if (token === undefined && query.token === undefined) return undefined;
  if (typeof token !== 'string' || token === '')
    throw new AppError('UNAUTHORIZED', 'Send the access token at the handshake: `auth: { token }`.');
  return token.replace(/^bearer /i, '');
}

function getEventId(request: unknown): number {
  const eventId = (request as { eventId?: unknown } | null | undefined)?.eventId;
  if (!Number.isInteger(eventId) || (eventId as number) < 1 || (eventId as number) > INT4_MAX)
    throw new AppError('VALIDATION_ERROR', 'eventId must be the id of an event');
  return eventId as number;
}

interface Session<B> {
  /** Undefined without a token. */
  bearer: B | undefined;
  tryConsume: TryConsume;
}

function answerRequests<B extends { userId: number }>(
  socket: RealtimeSocket,
  { bearer, tryConsume }: Session<B>,
  handlers: SocketHandlers<B>,
): void {
  const maxWatches = bearer ? MAX_WATCHES.signedIn : MAX_WATCHES.signedOut;

  async function watch(eventId: number): Promise<void> {
    const room = getEventRoom(eventId);
    const watches = [...socket.rooms].filter((name) => name.startsWith(EVENT));
    if (!socket.rooms.has(room) && watches.length >= maxWatches)
      throw new AppError('RATE_LIMITED', `One connection watches at most ${maxWatches} events.`);
    // Join before reading, so that no change in between is missed.
    await socket.join(room);
    try {
      socket.emit('availability', await handlers.availability(bearer, eventId));
    } catch (error) {
      await socket.leave(room);
      throw error;
    }
  }

  const requests = { watch, unwatch: async (eventId: number) => socket.leave(getEventRoom(eventId)) };
  for (const [name, act] of Object.entries(requests)) {
    socket.on(name, (request: unknown, acknowledge: unknown) => {
      const answer = typeof acknowledge === 'function' ? (acknowledge as (with_: object) => void) : undefined;
      const work = async (): Promise<void> => {
        tryConsume();
        await act(getEventId(request));
      };
      work().then(
        () => answer?.({ success: true }),
        (error: unknown) => {
          if (!(error instanceof AppError)) logger.error({ err: error }, 'A live request failed');
          if (answer) answer(toFailure(error));
          else socket.emit('refused', { request: name, ...toFailure(error).error });
        },
      );
    });
  }
}

/** Closes connections that are signed out, suspended, expired or too slow. */
function sweep<B extends { userId: number }>(
  io: RealtimeServer,
  bearers: WeakMap<RealtimeSocket, B>,
  handlers: SocketHandlers<B>,
) {
  for (const socket of io.sockets.sockets.values()) {
    const { writeBuffer } = socket.conn as unknown as { writeBuffer: unknown[] };
    if (writeBuffer.length > MAX_UNSENT_MESSAGES) socket.conn.close();
    const bearer = bearers.get(socket);
    if (!bearer) continue;
    try {
      handlers.assertNotRevoked(bearer);
    } catch (error) {
      socket.emit('signed_out', toFailure(error).error);
      socket.disconnect(true);
    }
  }
}

/** Accepts live connections on this HTTP server. */
export function openSockets<B extends { userId: number }>(http: HttpServer, handlers: SocketHandlers<B>): Sockets {
  const io = realtime();
  registerGauge({ name: 'bilten_sockets', help: 'Clients that listen to live updates' }, (set) =>
    set(io.engine.clientsCount),
  );
  const bearers = new WeakMap<RealtimeSocket, B>();
  const signedOut = createAddressLimits(config.liveConnectionsPerAddress);
  let isClosing = false;
  io.attach(http, {
    // Checked only for handshakes; requests with a session id are validated by the engine.
    allowRequest: (request, decide) => {
      const isFull = io.engine.clientsCount >= config.liveConnections || signedOut.isFull(handlers.addressOf(request));
      decide(isClosing || isFull ? 'Try again in a moment.' : null, !isClosing && !isFull);
    },
  });
  io.engine.use(helmet());
  io.engine.on('connection', (connection: EngineConnection) => {
    const address = handlers.addressOf(connection.request);
    connection.once('close', () => signedOut.remove(address, connection));
    // Check again, because several handshakes may have been allowed concurrently.
    if (!signedOut.add(address, connection)) connection.close();
  });

  async function admitBearer(socket: RealtimeSocket, token: string): Promise<void> {
    const bearer = await handlers.admit(token);
    if ((io.sockets.adapter.rooms.get(getUserRoom(bearer.userId))?.size ?? 0) >= config.liveConnectionsPerUser)
      throw new AppError('RATE_LIMITED', 'You have too many live connections.');
    socket.data.userId = bearer.userId;
    await socket.join(getUserRoom(bearer.userId));
    bearers.set(socket, bearer);
    signedOut.remove(handlers.addressOf(socket.request), socket.conn);
  }

  io.use((socket, next) => {
    const admit = async (): Promise<void> => {
      const token = getToken(socket);
      if (token !== undefined) await admitBearer(socket, token);
    };
    admit().then(
      () => next(),
      (error: unknown) => next(toRefusal(error)),
    );
  });
  io.on('connection', (socket) => {
    const bearer = bearers.get(socket);
    const address = handlers.addressOf(socket.request);
    answerRequests(
      socket,
      { bearer, tryConsume: bearer ? createBucket() : () => signedOut.tryConsume(address) },
      handlers,
    );
  });
  const sweeper = setInterval(() => sweep(io, bearers, handlers), SWEEP_MS).unref();

  const { rooms } = io.sockets.adapter;
  return {
    hasWatchers: (eventId) => rooms.has(getEventRoom(eventId)),
    watchedEvents: () =>
      [...rooms.keys()].filter((name) => name.startsWith(EVENT)).map((name) => Number(name.slice(EVENT.length))),
    isHere: (userId) => rooms.has(getUserRoom(userId)),
    sendAvailability: (eventId, availability) => io.local.to(getEventRoom(eventId)).emit('availability', availability),
    sendNotification: (userId, notification) => io.local.to(getUserRoom(userId)).emit('notification', notification),
    sendSupport: (userId, change) => io.local.to(getUserRoom(userId)).emit('support', change),
    async close() {
      isClosing = true;
      clearInterval(sweeper);
      // Close the transport without a disconnect packet, after which clients would not reconnect.
      io.engine.close();
    },
  };
}
