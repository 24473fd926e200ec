import { createLimit } from '../../src/lib/create-limit';

const runner = () => createLimit({ atOnce: 2, waiting: 2, refuse: () => new Error('Too many.') });

/** Returns functions that run until the test ends them. */
function pieces(count: number) {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const works = Array.from({ length: count }, (_, n) => () => {
    begun.push(n);
    return new Promise<number>((resolve) => (ends[n] = () => resolve(n)));
  });
  return { begun, ends, works };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('limited', () => {
  it('runs a limited number at once, queues others in order, and refuses the rest', async () => {
    const run = runner();
    const { begun, ends, works } = pieces(5);
    const results = works.slice(0, 4).map(run);
    await expect(run(works[4]!)).rejects.toThrow('Too many.');
    expect(begun).toEqual([0, 1]);
    for (const n of [1, 0, 2, 3]) {
      ends[n]!();
      await turn();
    }
    expect(begun).toEqual([0, 1, 2, 3]);
    expect(await Promise.all(results)).toEqual([0, 1, 2, 3]);
  });

  it('continues after work that fails', async () => {
    const run = runner();
    const failing = Array.from({ length: 4 }, () => run(() => Promise.reject(new Error('No.'))));
    await Promise.allSettled(failing);
    await expect(run(async () => 'done')).resolves.toBe('done');
  });
});
