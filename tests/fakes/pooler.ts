import net from 'node:net';

/** A pooler in transaction mode. It imitates only what clients can distinguish from PostgreSQL. */
export interface FakePooler {
  /** The URL of the database through this pooler. */
  url: string;
  close(): Promise<void>;
}

interface Options {
  /** Accepts and drops the startup parameter `options`, as with `ignore_startup_parameters = options`. Otherwise refuses it. */
  ignoresOptions?: boolean;
  /** Keeps the named statements of its clients apart, as with `max_prepared_statements`. */
  knowsStatements?: boolean;
}

const SCRAM_AND_OTHERS = 196_608;

function errorFrame(code: string, message: string): Buffer {
  const fields = Buffer.from(`SERROR\0VERROR\0C${code}\0M${message}\0\0`);
  const frame = Buffer.alloc(5);
  frame.write('E');
  frame.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([frame, fields]);
}

/** Calls back once per complete message, with its type and all its bytes, including type and length. */
function framed(onFrame: (type: string, frame: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const length = rest.readInt32BE(1) + 1;
      onFrame(String.fromCharCode(rest[0]!), rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  };
}

function startup(parameters: Map<string, string>): Buffer {
  const text = Buffer.from(`${[...parameters].map(([name, value]) => `${name}\0${value}\0`).join('')}\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(text.length + 8, 0);
  head.writeInt32BE(SCRAM_AND_OTHERS, 4);
  return Buffer.concat([head, text]);
}

function parseStartup(packet: Buffer): Map<string, string> {
  const words = packet.subarray(8).toString().split('\0');
  const parameters = new Map<string, string>();
  for (let i = 0; words[i]; i += 2) parameters.set(words[i]!, words[i + 1]!);
  return parameters;
}

export async function startPooler(
  databaseUrl: string,
  { ignoresOptions, knowsStatements }: Options = {},
): Promise<FakePooler> {
  const target = new URL(databaseUrl);
  const sockets = new Set<net.Socket>();
  const statementOwners = new Map<string, net.Socket>();

  function relay(client: net.Socket, parameters: Map<string, string>): void {
    const upstream = net.connect(Number(target.port), target.hostname);
    sockets.add(upstream);
    upstream.write(startup(parameters));
    let isSkipping = false;
    upstream.on(
      'data',
      framed((type, frame) => {
        // A pooler gives each client a process id of its own, and does not deliver notifications to the client that listens.
        if (type === 'K') frame.writeInt32BE(1_000_000 + Math.floor(Math.random() * 1e6), 5);
        if (type !== 'A') client.write(frame);
      }),
    );
    client.on(
      'data',
      framed((type, frame) => {
        if (isSkipping && type !== 'S') return;
        isSkipping = false;
        const name = type === 'P' ? frame.subarray(5, frame.indexOf(0, 5)).toString() : '';
        const owner = statementOwners.get(name);
        if (name && !knowsStatements && owner && owner !== client) {
          client.write(errorFrame('42P05', `prepared statement "${name}" already exists`));
          isSkipping = true;
          return;
        }
        if (name) statementOwners.set(name, client);
        upstream.write(frame);
      }),
    );
    client.on('close', () => upstream.end());
    upstream.on('error', () => undefined).on('close', () => client.destroy());
  }

  const server = net.createServer((client) => {
    sockets.add(client);
    client.on('error', () => undefined);
    client.once('data', (packet: Buffer) => {
      const parameters = parseStartup(packet);
      if (parameters.has('options') && !ignoresOptions) {
        client.end(errorFrame('08P01', 'unsupported startup parameter: options'));
        return;
      }
      parameters.delete('options');
      relay(client, parameters);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    url: Object.assign(new URL(databaseUrl), { hostname: '127.0.0.1', port: `${port}` }).href,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
