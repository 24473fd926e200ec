import net from 'node:net';

export interface Proxy {
  /** The database's URL through this proxy. */
  url: string;
  /**
   * Forwards the next COMMIT (or the one after `after` others) but drops its reply. The client sees its connection end, or with
   * `silently` nothing at all. Resolves when the reply is dropped.
   */
  dropNextCommitReply(options?: { after?: number; silently?: boolean }): Promise<void>;
  /** Stops dropping replies. */
  passReplies(): void;
  /** Ends the client's connection at the next COMMIT, and forwards it only at `release`. Until then its outcome is in doubt. */
  holdNextCommit(): { held: Promise<void>; release: () => void };
  /** Stops forwarding until `up` but keeps connections open, like a server that hangs. */
  hang(): void;
  /**
   * Discards everything in both directions but keeps connections open, like a network that drops packets. Connections from
   * before `up` stay dead; later ones work.
   */
  blackhole(): void;
  /** Discards everything on existing connections but serves new ones, like a firewall that has forgotten the old ones. */
  forgetConnections(): void;
  /** Ends all connections and refuses new ones until `up`. */
  down(): void;
  up(): void;
  close(): Promise<void>;
}

// A simple query in the protocol: type, length, text.
const isCommit = (chunk: Buffer): boolean => /Q[^]{4}COMMIT/i.test(chunk.toString('latin1'));

/** Starts a proxy between the program and PostgreSQL. */
export async function startProxy(databaseUrl: string): Promise<Proxy> {
  const target = new URL(databaseUrl);
  const clients = new Set<net.Socket>();
  let isDown = false;
  let isHanging = false;
  let isLosing = false;
  const sockets = new Set<net.Socket>();
  const loseAll = new Set<() => void>();
  let dropReply: { dropped: () => void; after: number; silently: boolean } | undefined;
  let holdCommit: ((release: Promise<void>) => void) | undefined;
  let held: Promise<void> | undefined;

  const server = net.createServer((client) => {
    if (isDown) {
      client.destroy();
      return;
    }
    clients.add(client);
    const upstream = net.connect(Number(target.port), target.hostname);
    let isReplyDropped = false;
    let isHeld = false;
    let isLost = isLosing;
    loseAll.add(() => (isLost = true));
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (chunk) => {
      if (isLost) return;
      if (dropReply && isCommit(chunk) && dropReply.after-- === 0) {
        const { dropped, silently } = dropReply;
        dropReply = undefined;
        isReplyDropped = true;
        upstream.once('data', () => {
          if (!silently) client.destroy();
          dropped();
        });
      }
      if (holdCommit && isCommit(chunk)) {
        const release = held!;
        isHeld = true;
        holdCommit(release);
        holdCommit = undefined;
        client.destroy();
        // The server still executes the COMMIT, although the client is gone.
        void release.then(() => upstream.end(chunk));
        return;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (!isReplyDropped && !isLost) client.write(chunk);
    });
    client
      .on('error', () => undefined)
      .on('close', () => {
        clients.delete(client);
        if (!isHeld) upstream.end();
      });
    upstream
      .on('error', () => undefined)
      .on('close', () => {
        if (!isLost) client.destroy();
      });
    if (isHanging) for (const socket of [client, upstream]) socket.pause();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as net.AddressInfo).port);

  return {
    url: url.href,
    dropNextCommitReply: ({ after = 0, silently = false } = {}) =>
      new Promise((resolve) => (dropReply = { dropped: resolve, after, silently })),
    passReplies() {
      dropReply = undefined;
    },
    holdNextCommit() {
      let release: () => void = () => undefined;
      held = new Promise((resolve) => {
        release = () => {
          held = undefined;
          resolve();
        };
      });
      return { held: new Promise((resolve) => (holdCommit = () => resolve())), release };
    },
    hang() {
      isHanging = true;
      for (const socket of sockets) socket.pause();
    },
    blackhole() {
      isLosing = true;
      for (const lose of loseAll) lose();
    },
    forgetConnections() {
      for (const lose of loseAll) lose();
    },
    down() {
      isDown = true;
      for (const client of clients) client.destroy();
    },
    up() {
      isDown = false;
      isLosing = false;
      isHanging = false;
      for (const socket of sockets) socket.resume();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
