import { signAccessToken } from '#src/services/access/access-tokens';
import { startApi, type Api } from './api';
import { cpuOf } from './cpu';
import { generate, type Load, type Walk } from './load';
import { CONNECTIONS, type Sizes } from './settings';
import type { Stage, TestDatabase } from './stage';

export interface World {
  stage: Stage;
  sizes: Sizes;
  /** One access token per user, in order of ids starting at 1. */
  tokens: string[];
  log: (line: string) => void;
}

export function signTokens(users: number): string[] {
  return Array.from({ length: users }, (_, i) =>
    signAccessToken({ userId: i + 1, role: i === 0 ? 'organizer' : 'customer', sessionId: i + 1 }),
  );
}

export interface Run {
  database: TestDatabase;
  api: Api;
}

interface Conditions {
  /** The environment of the API under test. */
  settings?: Record<string, string>;
  /** Checks what was written after the API has stopped. */
  check?: (database: TestDatabase) => Promise<void>;
}

/** Runs `work` with its own API process and database. */
export async function withApi<T>(
  { stage }: World,
  work: (run: Run) => Promise<T>,
  { settings, check }: Conditions = {},
): Promise<T> {
  return stage.withDatabase(async (database) => {
    const api = await startApi(database.url, settings);
    const result = await work({ database, api }).finally(() => api.stop());
    await check?.(database);
    return result;
  });
}

/** A sequence of requests that continues across loads. */
export interface Walker {
  /** The number of responses so far, over all loads. */
  readonly answered: number;
  /** Requests in flight at the end of a load, which may have taken effect without being counted. */
  readonly uncounted: number;
  load(options: { port: number; seconds: number; rate?: number; connections?: number }): Promise<Load>;
}

interface Expectation {
  /** True if every response must be a refusal; otherwise every one must be a success. */
  refused?: boolean;
}

export function walker(walk: Walk, { refused = false }: Expectation = {}): Walker {
  let answered = 0;
  let uncounted = 0;
  return {
    get answered() {
      return answered;
    },
    get uncounted() {
      return uncounted;
    },
    async load({ connections = CONNECTIONS, ...options }) {
      const load = await generate(walk, { ...options, connections, first: answered + uncounted });
      // The load generator builds one more request that it never sends.
      uncounted += connections + 1;
      answered += load.requests;
      const wrong = refused ? load.requests - load.refused : load.refused;
      if (wrong > 0)
        throw new Error(
          `${wrong} of ${load.requests} answers were ${refused ? 'no refusals' : 'refusals'}: the figure does not count.`,
        );
      return load;
    },
  };
}

/** Runs a load after a short warm-up, and reports the CPU cost per response. */
export async function warmLoad(
  walk: Walker,
  { sizes, stage, log }: World,
  api: Api,
  options: { rate?: number; connections?: number } = {},
): Promise<Load> {
  await walk.load({ port: api.port, seconds: sizes.warmUpSeconds, ...options });
  const used = (): number[] => [api.pid, stage.pid].map((pid) => (pid && cpuOf(pid)) || 0);
  const before = used();
  const load = await walk.load({ port: api.port, seconds: sizes.seconds, ...options });
  const [ofApi, ofPostgres] = used().map((time, i) => Math.round((time - before[i]!) / load.requests));
  log(
    `    ${Math.round(load.rate)}/s, p50 ${load.p50Ms} ms, p99 ${load.p99Ms} ms; an answer took ${ofApi} µs of the API's processor time and ${ofPostgres} µs of PostgreSQL's`,
  );
  return load;
}

const TURN_SECONDS = 2;

/**
 * Runs several loads in turns of two seconds, after a warm-up of each, so that a temporarily slow machine affects all of them.
 * Returns the responses per second of each.
 */
export async function loadsInTurns(
  { sizes, stage, log }: World,
  loads: { name: string; walk: Walker; api: Api; before?: () => void }[],
): Promise<number[]> {
  for (const { walk, api } of loads) await walk.load({ port: api.port, seconds: sizes.warmUpSeconds });
  const found = loads.map(({ name }) => ({ name, requests: 0, seconds: 0, used: 0, usedByPostgres: 0 }));
  const ofPostgres = (): number => (stage.pid && cpuOf(stage.pid)) || 0;
  for (let turn = 0; turn < sizes.seconds / TURN_SECONDS; turn += 1) {
    for (const [i, { walk, api, before: prepareTurn }] of loads.entries()) {
      prepareTurn?.();
      const before = cpuOf(api.pid) ?? 0;
      const beforeInPostgres = ofPostgres();
      const { requests, rate } = await walk.load({ port: api.port, seconds: TURN_SECONDS });
      found[i]!.requests += requests;
      found[i]!.seconds += requests / rate;
      found[i]!.used += (cpuOf(api.pid) ?? 0) - before;
      found[i]!.usedByPostgres += ofPostgres() - beforeInPostgres;
    }
  }
  for (const { name, requests, seconds, used, usedByPostgres } of found)
    log(
      `    ${name}: ${Math.round(requests / seconds)}/s; an answer took ${Math.round(used / requests)} µs of the API's processor time and ${Math.round(usedByPostgres / requests)} µs of PostgreSQL's`,
    );
  return found.map(({ requests, seconds }) => requests / seconds);
}
