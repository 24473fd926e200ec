import { availableParallelism } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Walk } from '../load';
import { emailOf, PASSWORD } from '../populate';
import { walker, withApi, type World } from '../world';
import { listPaths } from './lists';

const IN_FLIGHT = 20;
/** Lists per second while the 99th percentile is measured. */
const CALM_RATE = 200;
const LIST_CONNECTIONS = 20;

const signInWalk = (users: number): Walk => ({
  method: 'POST',
  paths: ['/api/auth/login'],
  bodies: Array.from({ length: users - 1 }, (_, i) => JSON.stringify({ email: emailOf(i + 2), password: PASSWORD })),
});

/** Measures the 99th percentile of event lists in milliseconds, without other load and with sign-ins constantly in flight. */
export async function listsDuringSignIns(world: World): Promise<{ quiet: number; busy: number }> {
  const { sizes, log } = world;
  return withApi(world, async ({ api }) => {
    const lists = walker({ method: 'GET', paths: listPaths() });
    const signIns = walker(signInWalk(sizes.users));
    const options = { port: api.port, rate: CALM_RATE, connections: LIST_CONNECTIONS };
    await lists.load({ ...options, seconds: sizes.warmUpSeconds * 2 });
    const quiet = await lists.load({ ...options, seconds: sizes.seconds });
    const storm = signIns.load({ port: api.port, connections: IN_FLIGHT, seconds: sizes.seconds + 2 });
    await sleep(1000);
    const busy = await lists.load({ ...options, seconds: sizes.seconds });
    log(
      `    lists: p50 ${quiet.p50Ms} and ${busy.p50Ms} ms, p99 ${quiet.p99Ms} and ${busy.p99Ms} ms; ${(await storm).rate.toFixed(1)} sign-ins/s`,
    );
    return { quiet: quiet.p99Ms, busy: busy.p99Ms };
  });
}

/** Measures sign-ins per second. */
export async function signIns(world: World): Promise<number> {
  const { sizes } = world;
  const requests = walker(signInWalk(sizes.users));
  const load = await withApi(
    world,
    async ({ api }) => {
      // Few connections, so that few requests are queued when the clock starts.
      await requests.load({ port: api.port, connections: 2, seconds: sizes.warmUpSeconds });
      await sleep(500);
      return requests.load({ port: api.port, connections: IN_FLIGHT, seconds: sizes.seconds * 2 });
    },
    {
      check: async (database) => {
        const [row] = await database.query<{ count: number }>(
          `SELECT count(*)::int - ${sizes.users} AS count FROM sessions`,
        );
        const { answered, uncounted } = requests;
        if (row!.count < answered || row!.count > answered + uncounted)
          throw new Error(`${answered} sign-ins were answered, but there are ${row!.count} sessions`);
      },
    },
  );
  return load.rate;
}

/** Measures comparisons per second of bcryptjs alone, with one thread per core. */
export async function bareHashes({ sizes }: World): Promise<number> {
  const workerData = { password: PASSWORD, seconds: sizes.seconds };
  const counts = Array.from(
    { length: availableParallelism() },
    () =>
      new Promise<number>((resolve, reject) => {
        new Worker(path.join(__dirname, 'hash-worker.js'), { workerData })
          .once('message', resolve)
          .once('error', reject);
      }),
  );
  return (await Promise.all(counts)).reduce((sum, rate) => sum + rate, 0);
}
