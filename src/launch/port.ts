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

/** The process that noted itself here as serving this port, if it lives. */
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

/** @throws Error with a sentence where the port is taken, before anything is started for nothing */
export async function assertPortFree(): Promise<void> {
  if (config.port !== 0 && (await isTaken())) throw new Error(describePortTaken());
}

/** Tells later starts on this DATA_DIR who serves the port. */
export function writeRunningNote(): void {
  try {
    makeDataDir();
    writeFileSync(getNoteFile(), `${process.pid}`);
  } catch (error) {
    // With its servers elsewhere the program needs no folder: only a second start would like to know.
    logger.debug({ err: error }, 'Later starts will not know who serves the port');
  }
}

export function deleteRunningNote(): void {
  rmSync(getNoteFile(), { force: true });
}
