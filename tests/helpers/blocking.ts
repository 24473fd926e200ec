import path from 'node:path';
import { freePort } from '../../src/embedded/ports';
import { startApi, type Api } from './servers/api';

const WATCH = path.join(__dirname, '..', 'fixtures', 'loop-watch.js');
const TRIES = 3;

export interface WatchedApi extends Api {
  /**
   * Returns the longest time that `work` blocks the event loop, in milliseconds of processor time. This includes compilation
   * and garbage collection, so if the result is over `bound`, it tries again up to three times and returns the lowest.
   */
  longestBlock(work: () => Promise<unknown>, bound?: number): Promise<number>;
}

/** Starts an API in a separate process that measures its event loop. */
export async function startWatchedApi(settings: Record<string, string> = {}): Promise<WatchedApi> {
  const watchPort = await freePort();
  const api = await startApi({
    ...settings,
    NODE_OPTIONS: `--require ${WATCH}`,
    LOOP_WATCH_PORT: String(watchPort),
  });
  const longest = async (): Promise<number> => Number(await (await fetch(`http://127.0.0.1:${watchPort}`)).text());
  return {
    ...api,
    async longestBlock(work, bound = 0) {
      let least = Infinity;
      for (let tries = 0; tries < TRIES && least > bound; tries += 1) {
        await longest();
        await work();
        least = Math.min(least, await longest());
      }
      return least;
    },
  };
}
