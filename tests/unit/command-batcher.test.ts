import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { createCommandBatcher, DEFERRED } from '../../src/lib/command-batcher';

type Run = (commands: number[]) => Promise<(string | typeof DEFERRED)[]>;

const limits = { maxBatch: 4, halveAbove: 100, maxQueue: 100, maxWaitMs: 1000, paceMs: 0 };
const done = (commands: number[]) => commands.map((command) => `done ${command}`);

/** Creates a batcher that records its batches. */
function createRecordingBatcher(run: Run = async (commands) => done(commands), overrides: Partial<typeof limits> = {}) {
  const batches: number[][] = [];
  const batcher = createCommandBatcher<number, string>({
    ...limits,
    ...overrides,
    run: (commands) => {
      batches.push(commands);
      return run(commands);
    },
  });
  return { batcher, batches };
}

describe('a batcher', () => {
  it('runs a single command in the next turn', async () => {
    const { batcher, batches } = createRecordingBatcher();
    const outcome = batcher.submit(1);
    await nextTurn();
    expect(batches).toEqual([[1]]);
    await expect(outcome).resolves.toBe('done 1');
  });

  it('runs the commands of one turn together', async () => {
    const { batcher, batches } = createRecordingBatcher();
    await Promise.all([1, 2, 3].map((command) => batcher.submit(command)));
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('takes half of many waiting commands', async () => {
    const { batcher, batches } = createRecordingBatcher(undefined, { maxBatch: 20, halveAbove: 4 });
    await Promise.all(Array.from({ length: 60 }, (_, command) => batcher.submit(command)));
    expect(batches.map(({ length }) => length)).toEqual([20, 20, 10, 5, 4, 1]);
  });

  it('gathers commands in order while a batch runs, up to its limit', async () => {
    const { batcher, batches } = createRecordingBatcher(async (commands) => {
      await sleep(1);
      return done(commands);
    });
    const first = batcher.submit(1);
    await nextTurn();
    const later = [2, 3, 4, 5, 6, 7].map((command) => batcher.submit(command));
    const outcomes = await Promise.all([first, ...later]);
    expect(batches).toEqual([[1], [2, 3, 4, 5], [6, 7]]);
    expect(outcomes).toEqual(done([1, 2, 3, 4, 5, 6, 7]));
  });

  it('waits for its pace between the starts of two batches', async () => {
    const { batcher, batches } = createRecordingBatcher(undefined, { paceMs: 50 });
    const startedAt = performance.now();
    const outcomes = [batcher.submit(1)];
    for (const command of [2, 3, 4]) {
      await sleep(5);
      outcomes.push(batcher.submit(command));
    }
    await Promise.all(outcomes);
    expect(batches).toEqual([[1], [2, 3, 4]]);
    expect(performance.now() - startedAt).toBeGreaterThan(45);
    await batcher.idle();
    const lone = batcher.submit(5);
    await nextTurn();
    expect(batches).toHaveLength(3);
    await expect(lone).resolves.toBe('done 5');
  });

  it('runs one batch at a time', async () => {
    let running = 0;
    let most = 0;
    const { batcher } = createRecordingBatcher(async (commands) => {
      most = Math.max(most, (running += 1));
      await sleep(1);
      running -= 1;
      return done(commands);
    });
    await Promise.all(Array.from({ length: 50 }, (_, command) => batcher.submit(command)));
    expect(most).toBe(1);
  });

  it('rejects a batch that fails, and continues with the next', async () => {
    const { batcher } = createRecordingBatcher(async (commands) => {
      if (commands.includes(2)) throw new Error('broken');
      return done(commands);
    });
    const first = batcher.submit(1);
    await nextTurn();
    const outcomes = await Promise.allSettled([first, batcher.submit(2), batcher.submit(3)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    await expect(batcher.submit(4)).resolves.toBe('done 4');
  });

  it('refuses commands when too many are waiting', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { batcher } = createRecordingBatcher(async (commands) => held.then(() => done(commands)), { maxQueue: 2 });
    const taken = [batcher.submit(1)];
    await nextTurn();
    taken.push(batcher.submit(2), batcher.submit(3));
    await expect(batcher.submit(4)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfter: 1 });
    release();
    await expect(Promise.all(taken)).resolves.toEqual(done([1, 2, 3]));
    await expect(batcher.submit(5)).resolves.toBe('done 5');
  });

  describe('deferring', () => {
    it('retries a command while others proceed', async () => {
      let tries = 0;
      const { batcher, batches } = createRecordingBatcher(async (commands) =>
        commands.map((command) => (command === 1 && (tries += 1) < 3 ? DEFERRED : `done ${command}`)),
      );
      const first = batcher.submit(1);
      await expect(batcher.submit(2)).resolves.toBe('done 2');
      await expect(first).resolves.toBe('done 1');
      expect(batches.flat().filter((command) => command === 1)).toHaveLength(3);
    });

    it('gives up after the maximum wait', async () => {
      const { batcher } = createRecordingBatcher(async (commands) => commands.map(() => DEFERRED), { maxWaitMs: 60 });
      await expect(batcher.submit(1)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    });

    it('counts deferred commands as waiting', async () => {
      const { batcher } = createRecordingBatcher(async (commands) => commands.map(() => DEFERRED), {
        maxQueue: 1,
        maxWaitMs: 10,
      });
      const first = batcher.submit(1);
      await sleep(1);
      await expect(batcher.submit(2)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await expect(first).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    });
  });

  describe('idle', () => {
    it('resolves at once if nothing is waiting', async () => {
      await expect(createRecordingBatcher().batcher.idle()).resolves.toBeUndefined();
    });

    it('waits for running, waiting and deferred commands', async () => {
      let tries = 0;
      const settled: string[] = [];
      const { batcher } = createRecordingBatcher(async (commands) => {
        await sleep(1);
        return commands.map((command) => (command === 2 && (tries += 1) < 2 ? DEFERRED : `done ${command}`));
      });
      for (const command of [1, 2, 3]) void batcher.submit(command).then((outcome) => settled.push(outcome));
      await batcher.idle();
      expect(settled.sort()).toEqual(done([1, 2, 3]));
    });
  });
});
