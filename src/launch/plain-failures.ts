import path from 'node:path';
import { reportFailure } from './report';

// Imported first by entry points. Invalid settings are found while modules load, where no caller can catch the error, so until
// loading has finished the process ends with the error's sentence instead of a stack trace.
const isEntry = /^(server|worker)\.js$/.test(path.basename(require.main?.filename ?? ''));
if (isEntry) process.once('uncaughtException', reportFailure);

/** Marks the end of loading. From then on, exceptions are defects and are shown with their stack trace. */
export function endLoading(): void {
  process.off('uncaughtException', reportFailure);
}
