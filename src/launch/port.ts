import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { config } from '../config';
import { logger } from '../logger';
import { makeDataDir } from './data-dir';

function isTaken(): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(true);
      else
        reject(
          new Error(
            `The program can't listen on ${config.host ?? 'any address'}, port ${config.port} (HOST, PORT): ${error.message}`,
          ),
        );
    });
    server.listen({ port: config.port, host: config.host }, () => server.close(() => resolve(false)));
  });
}

function getNoteFile(): string {
  return path.resolve(config.dataDir, `running-on-${config.port}`);
}

/** Returns the running process that is recorded in DATA_DIR as serving this port, if any. */
function findRunningNote(): number | undefined {
  try {
    const pid = Number(readFileSync(getNoteFile(), 'utf8'));
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined;
  }
}

export function describePortTaken(): string {
  const pid = findRunningNote();
  const where = path.resolve(config.dataDir);
  if (pid)
    return `Bilten is running already: process ${pid} serves http://localhost:${config.port} from ${where} (DATA_DIR).`;
  return `Port ${config.port} is taken by another program: stop that one, or choose another port with PORT, as in PORT=${config.port + 1} npm start.`;
}

/** Checks the port before anything is started. @throws Error with a sentence if it is taken */
export async function assertPortFree(): Promise<void> {
  if (config.port !== 0 && (await isTaken())) throw new Error(describePortTaken());
}

/** Records this process as serving the port, for later starts with the same DATA_DIR. */
export function writeRunningNote(): void {
  try {
    makeDataDir();
    writeFileSync(getNoteFile(), `${process.pid}`);
  } catch (error) {
    // With external servers the program needs no DATA_DIR, so failing to record the port is harmless.
    logger.debug({ err: error }, 'Later starts will not know who serves the port');
  }
}

export function deleteRunningNote(): void {
  rmSync(getNoteFile(), { force: true });
}
