import { start } from '../servers/processes';
import { browserPath } from './browser';

// An ES module, which jest cannot load on Node.js 20, so it runs as a process of its own.
const LIGHTHOUSE = require.resolve('lighthouse/cli/index.js');
const CHROME_FLAGS = '--headless=new --no-sandbox --disable-dev-shm-usage';
const MAX_TRIES = 3;
/** How fast Lighthouse finds the processor of a developer's machine, on which its phone is four times slower. */
const USUAL_SPEED = 1600;
const USUAL_SLOWDOWN = 4;

export interface Score {
  /** From 0 to 100. */
  score: number;
  /** The audits that cost points, each with what was measured. */
  lost: string[];
}

interface Report {
  environment: { benchmarkIndex: number };
  categories: Record<string, { score: number; auditRefs: { id: string; weight: number }[] }>;
  audits: Record<string, { score: number | null; displayValue?: string }>;
}

interface Audit {
  scores: Record<string, Score>;
  /** How fast the processor was, with what was left of it. */
  speed: number;
}

async function audit(url: string, categories: readonly string[], slowdown: number): Promise<Audit> {
  const only = `--only-categories=${categories.join(',')}`;
  const throttling = `--throttling.cpuSlowdownMultiplier=${slowdown}`;
  const report = ['--quiet', '--output=json', '--no-enable-error-reporting'];
  const options = [...report, `--chrome-flags=${CHROME_FLAGS}`, only, throttling];
  const run = start(process.execPath, [LIGHTHOUSE, url, ...options], { CHROME_PATH: browserPath! });
  await run.exited;
  const output = run.output();
  if (!output.includes('{')) throw new Error(`Lighthouse did not run: ${output}`);
  const { environment, categories: found, audits } = JSON.parse(output.slice(output.indexOf('{'))) as Report;
  const scores = Object.entries(found).map(([name, { score, auditRefs }]) => {
    const lost = auditRefs.filter(({ id, weight }) => weight > 0 && (audits[id]!.score ?? 1) < 1);
    const told = lost.map(({ id }) => `${id}: ${audits[id]!.displayValue ?? 'failed'}`);
    return [name, { score: Math.round(score * 100), lost: told }] as const;
  });
  return { scores: Object.fromEntries(scores), speed: environment.benchmarkIndex };
}

/**
 * Returns the scores of Lighthouse for a page, on a phone with a slow processor and network, which it simulates. Performance is
 * the best of at most three tries. It falls if the machine is busy with something else, so the further tries slow the processor
 * down by as much less as Lighthouse has found it to be slower.
 * @param enough the performance after which it is not measured again
 */
export async function getScores(url: string, enough: number): Promise<Record<string, Score>> {
  const categories = ['performance', 'accessibility', 'best-practices', 'seo'];
  const first = await audit(url, categories, USUAL_SLOWDOWN);
  let { speed } = first;
  let best = first.scores.performance!;
  for (let tries = 1; best.score < enough && tries < MAX_TRIES; tries += 1) {
    const slowdown = Math.max(1, USUAL_SLOWDOWN * Math.min(1, speed / USUAL_SPEED));
    const again = await audit(url, ['performance'], slowdown);
    if (again.scores.performance!.score > best.score) best = again.scores.performance!;
    speed = again.speed;
  }
  return { ...first.scores, performance: best };
}
