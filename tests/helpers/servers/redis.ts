/** URL of Redis for this test file, with a separate database per worker. `undefined` if there is no Redis. */
export const testRedisUrl =
  process.env.TEST_REDIS_URL && new URL(`/${process.env.JEST_WORKER_ID ?? 0}`, process.env.TEST_REDIS_URL).href;

/** `describe` for tests that need Redis. Without it they are skipped, and the end of the run reports it. */
export const describeWithRedis = testRedisUrl ? describe : describe.skip;
