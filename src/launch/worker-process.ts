import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { logger } from '../logger';

const RESTART_MS = 500;
const MAX_RESTART_MS = 30_000;
const HEALTHY_MS = 60_000;
const STOP_MS = 30_000;

export interface WorkerProcess {
  stop(): Promise<void>;
  kill(): void;
}

/** Runs the worker in a separate process and restarts it after a crash. It ends with this process, when its IPC channel closes. */
export function startWorkerProcess(): WorkerProcess {
  let child: ChildProcess;
  let isStopping = false;
  let restart: NodeJS.Timeout | undefined;
  let pause = RESTART_MS;

  function start(): void {
    const startedAt = Date.now();
    // Detached, because Ctrl-C reaches the whole process group of the terminal, but this process decides when to stop the worker.
    child = fork(path.join(__dirname, '..', 'worker.js'), { detached: true });
    child.once('error', (error) => logger.error({ err: error }, 'The worker does not start'));
    child.once('exit', (code, signal) => {
      if (isStopping) return;
      logger.error(`The worker has ended (${signal ?? `exit code ${code}`}): starting it again`);
      pause = Date.now() - startedAt > HEALTHY_MS ? RESTART_MS : Math.min(pause * 2, MAX_RESTART_MS);
      restart = setTimeout(start, pause);
    });
  }

  start();
  return {
    async stop() {
      isStopping = true;
      clearTimeout(restart);
      if (child.exitCode !== null || child.signalCode !== null || !child.pid) return;
      const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      child.kill('SIGTERM');
      await exited;
      clearTimeout(late);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
