import { Server, type DefaultEventsMap, type Socket } from 'socket.io';
import { config } from '../../config';
import { toAllowedOrigins } from '../../lib/cors';
import { connectThroughRedis } from './redis';

/** Who is at the other end. */
export interface SocketData {
  userId: number;
}

interface BetweenServers {
  update: (packed: string) => void;
}

export type RealtimeServer = Server<DefaultEventsMap, DefaultEventsMap, BetweenServers, SocketData>;
export type RealtimeSocket = Socket<DefaultEventsMap, DefaultEventsMap, BetweenServers, SocketData>;

const MAX_MESSAGE_BYTES = 10_000;
// A token comes with the first packet.
const CONNECT_MS = 5000;

let server: RealtimeServer | undefined;
let disconnect: (() => void) | undefined;

/** Socket.IO of this process: an API attaches it to its HTTP server, others only speak to those through it. */
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
