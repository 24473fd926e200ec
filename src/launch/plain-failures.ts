import path from 'node:path';
import { reportFailure } from './report';

// Imported first by the processes that are started by themselves. A wrong setting is found while their modules load, where nobody
// can catch it: until the process has loaded, it ends with the sentence instead of a stack trace.
const isEntry = /^(server|worker)\.js$/.test(path.basename(require.main?.filename ?? ''));
if (isEntry) process.once('uncaughtException', reportFailure);

/** Call when everything is loaded: from then on an exception is a defect, and is shown as one. */
export function endLoading(): void {
  process.off('uncaughtException', reportFailure);
}
