import { writeFileSync } from 'node:fs';
import { runChaos, wipe, type Report } from './run';
import { faults, schedule } from './faults';
import { saboteurs } from './sabotage';
import type { Random } from './random';

const ROUNDS = Number(process.env.CHAOS_ROUNDS ?? 1);
const TIMES = Number(process.env.CHAOS_KILLS ?? 10);
const SEED = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
const RECOVERY_MS = 15_000;

jest.setTimeout(30 * 60_000);

function tell(report: Report): void {
  const { problems: _, ...rest } = report;
  console.info(JSON.stringify(rest, undefined, 2));
  if (process.env.CHAOS_REPORT) writeFileSync(process.env.CHAOS_REPORT, `${JSON.stringify(rest)}\n`, { flag: 'a' });
}

describe('while processes and servers are killed, hang, fill up and lose replies', () => {
  it.each(Array.from({ length: ROUNDS }, (_, round) => SEED + round))(
    'nothing is lost and nothing doubled (CHAOS_SEED=%d)',
    async (seed) => {
      const report = await runChaos({ seed, plan: (random) => schedule(random, TIMES) });
      tell(report);
      expect(report.problems.slice(0, 20)).toEqual([]);
      expect(report.acknowledged).toBeGreaterThan(20 * TIMES);
      // It takes a few seconds; a busy machine needs longer to start a process.
      expect(Math.max(...Object.values(report.recoveryMs))).toBeLessThan(RECOVERY_MS);
    },
  );
});

describe('a program without one of its guards', () => {
  const few = [
    'COMMIT forwarded, reply dropped',
    'kill -9 of PostgreSQL',
    'COMMIT forwarded, reply dropped',
    'kill -9 of an API',
  ];
  const plan = (random: Random) => random.shuffle(few.map((name) => faults.find((fault) => fault.name === name)!));

  it.each(Object.keys(saboteurs))('is found: %s', async (sabotage) => {
    const { problems } = await runChaos({ seed: SEED, plan, sabotage });
    await wipe();
    expect(problems).not.toEqual([]);
  });
});
