import { logger } from '../logger';

/** npm forwards Ctrl-C although the terminal has already sent it; a second signal within this time is the same one. */
const SAME_MS = 300;
const POLL_MS = 500;

/**
 * Calls `stop` on the first Ctrl-C or signal, or when the parent npm process has ended, and then exits.
 * A second Ctrl-C exits without waiting.
 */
export function stopOnSignals(stop: () => Promise<void>, force: () => void): void {
  let stoppingSince: number | undefined;

  function onSignal(): void {
    if (stoppingSince !== undefined && Date.now() - stoppingSince < SAME_MS) return;
    if (stoppingSince !== undefined) {
      force();
      process.exit(1);
    }
    stoppingSince = Date.now();
    stop().then(
      () => process.exit(0),
      (error: Error) => {
        logger.error({ err: error }, 'Stopping failed');
        force();
        process.exit(1);
      },
    );
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  const parent = process.ppid;
  if (!process.env.npm_lifecycle_event) return;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    onSignal();
  }, POLL_MS);
  look.unref();
}
