import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startProcess } from '../api';
import { CATEGORIES, WORDS } from '../populate';
import { walker, warmLoad, withApi, type World } from '../world';

const DAY_MS = 86_400_000;

const pages = (count: number, query = ''): string[] =>
  Array.from({ length: count }, (_, i) => `${query}&page=${i + 1}`);
const dayFromNow = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** About two hundred lists of 20 events, like real requests: pages, sorts, filters and searches. */
export function listPaths(): string[] {
  const months = Array.from(
    { length: 6 },
    (_, i) => `&from=${dayFromNow(30 * i)}T00:00:00Z&to=${dayFromNow(30 * i + 30)}T00:00:00Z`,
  );
  const queries = [
    ...pages(40),
    ...['createdAt', 'price', 'title', 'popularity'].flatMap((sort) => pages(10, `&sort=${sort}`)),
    ...CATEGORIES.flatMap((category) => pages(5, `&category=${category}`)),
    ...WORDS.flatMap((word) => pages(2, `&search=${word}`)),
    ...months.flatMap((month) => pages(3, month)),
    ...[20, 40, 60].flatMap((price) => pages(3, `&minPrice=${price - 10}&maxPrice=${price}`)),
    ...pages(10, '&isFree=true'),
    ...pages(10, '&available=true'),
  ];
  return queries.map((query) => `/api/events?limit=20${query}`);
}

async function answersOf(port: number, paths: string[]): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const one of paths) {
    const response = await fetch(`http://127.0.0.1:${port}${one}`);
    if (response.status !== 200) throw new Error(`${one} was answered with ${response.status}`);
    answers[one] = await response.text();
  }
  return answers;
}

/** Measures responses per second of an Express server that only sends the same objects with `res.json`. */
async function bareRate(world: World, answers: Record<string, string>): Promise<number> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bilten-answers-'));
  try {
    const file = path.join(folder, 'answers.json');
    writeFileSync(file, JSON.stringify(answers));
    const bare = await startProcess('bare-server.js', { ANSWERS: file });
    const load = await warmLoad(walker({ method: 'GET', paths: Object.keys(answers) }), world, bare).finally(() =>
      bare.stop(),
    );
    return load.rate;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Measures lists of events per second, and Express alone with the same bytes. */
export async function lists(world: World): Promise<{ rate: number; bare: number }> {
  const paths = listPaths();
  return withApi(world, async ({ api }) => {
    const answers = await answersOf(api.port, paths);
    const { rate } = await warmLoad(walker({ method: 'GET', paths }), world, api);
    return { rate, bare: await bareRate(world, answers) };
  });
}
