/** Redis for this test file: a database of its own for each worker. `undefined` where the machine has none. */
export const testRedisUrl =
  process.env.TEST_REDIS_URL && new URL(`/${process.env.JEST_WORKER_ID ?? 0}`, process.env.TEST_REDIS_URL).href;

/** For what needs Redis: where there is none, the end of the run says loudly that these did not run. */
export const describeWithRedis = testRedisUrl ? describe : describe.skip;
