import { Server, type DefaultEventsMap, type Socket } from 'socket.io';
import { config } from '../../config';
import { toAllowedOrigins } from '../../lib/cors';
import { connectThroughRedis } from './redis';

/** The client of a connection. */
export interface SocketData {
  userId: number;
}

interface BetweenServers {
  update: (packed: string) => void;
}

export type RealtimeServer = Server<DefaultEventsMap, DefaultEventsMap, BetweenServers, SocketData>;
export type RealtimeSocket = Socket<DefaultEventsMap, DefaultEventsMap, BetweenServers, SocketData>;

const MAX_MESSAGE_BYTES = 10_000;
// The first packet contains the token.
const CONNECT_MS = 5000;

let server: RealtimeServer | undefined;
let disconnect: (() => void) | undefined;

/** The Socket.IO server of this process. An API process attaches it to its HTTP server; other processes only emit through it. */
export function realtime(): RealtimeServer {
  if (!server) {
    server = new Server({
      cors: { origin: toAllowedOrigins(config.frontendOrigins, config), credentials: true },
      maxHttpBufferSize: MAX_MESSAGE_BYTES,
      connectTimeout: CONNECT_MS,
    });
    if (config.redisUrl) disconnect = connectThroughRedis(server as unknown as Server, config.redisUrl);
  }
  return server;
}

export async function closeRealtime(): Promise<void> {
  disconnect?.();
  disconnect = undefined;
  server = undefined;
}
