/** Redis for this test file, with a separate database per worker. `undefined` if the machine has none. */
export const testRedisUrl =
  process.env.TEST_REDIS_URL && new URL(`/${process.env.JEST_WORKER_ID ?? 0}`, process.env.TEST_REDIS_URL).href;

/** For tests that need Redis: without it, the end of the run reports that they did not run. */
export const describeWithRedis = testRedisUrl ? describe : describe.skip;
