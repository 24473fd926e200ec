import { createServer } from 'node:http';
import { config } from '../config';
import { AppError } from '../errors';
import { operations, sendFailure } from './operations';
import { limitClients, SERVER_TIMEOUTS } from './server-limits';

/** Serves the operations endpoints for a process without the API, if a port is given. Returns a function that stops the server. */
export async function serveOperations(port: number | undefined): Promise<() => Promise<void>> {
  if (port === undefined) return async () => undefined;
  const server = createServer(SERVER_TIMEOUTS, (req, res) =>
    operations(req, res, () => sendFailure(req, res, new AppError('NOT_FOUND', 'There is nothing at this path.'))),
  );
  limitClients(server);
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: Error): void =>
      reject(new Error(`The worker can't listen on port ${port} (WORKER_PORT): ${error.message}`, { cause: error }));
    server.once('error', refuse);
    server.listen({ port, host: config.host }, resolve);
  });
  return async () => {
    server.close();
    server.closeAllConnections();
  };
}
