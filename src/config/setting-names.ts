import { closest, distance } from 'fastest-levenshtein';
import { ALIASES } from './aliases';

type Environment = Record<string, string | undefined>;

// Shorter names in the environment may belong to any program.
const MIN_GUESSED = 8;

// Parts of URLs (`Instead:` in .env.example), which are read but are not settings themselves.
export const PARTS = [
  ...['DB', 'REDIS', 'SMTP'].flatMap((prefix) =>
    ['HOST', 'PORT', 'USER', 'PASSWORD', 'NAME'].map((part) => `${prefix}_${part}`),
  ),
  'SMTP_SECURE',
];

// Names that belong to front ends, the AWS SDK, the tests, or Kubernetes service links.
const OTHERS = /^(NEXT|VITE|REACT|AWS|OTEL|PG|TEST|POSTGRES|NODE|NPM)_|_SERVICE_(HOST|PORT)|_PORT(_\d+_(TCP|UDP).*)?$/;

interface Readings {
  env: Environment;
  /** One line for each alias that is read. */
  notes: string[];
  /** One sentence for each alias that says something else than our name, or than another alias. */
  problems: string[];
}

/** Returns the environment with aliases read as our names, unless ours are set. */
export function readAliases(env: Environment): Readings {
  const read: Environment = { ...env };
  const notes: string[] = [];
  const problems: string[] = [];
  const readAs = new Map<string, string>();
  for (const [alias, { name, translate, isShared }] of ALIASES) {
    const given = env[alias];
    if (!given) continue;
    const value = translate ? translate(given) : given;
    const known = read[name];
    if (!known) {
      read[name] = value;
      readAs.set(name, alias);
      if (!isShared) notes.push(`${alias} is read as ${name}: rename it.`);
    } else if (known !== value && !isShared)
      problems.push(`${readAs.get(name) ?? name} and ${alias} are the same setting with different values: remove one.`);
  }
  return { env: read, notes, problems };
}

/** True if two names are similar enough to suggest one for the other. */
function isNear(name: string, other: string): boolean {
  return distance(name, other) <= Math.max(2, Math.floor(name.length / 3));
}

/**
 * Returns one line for each unknown name, with the most similar known one. Checks all names in the `.env` file, and names in
 * the environment that start like ours or are similar to one of ours.
 */
export function describeUnknownNames(
  env: Environment,
  { known, fromFile }: { known: string[]; fromFile: string[] },
): string[] {
  const all = [...known, ...PARTS];
  const prefixes = new Set(known.filter((name) => name.includes('_')).map((name) => name.split('_', 1)[0]!));
  const isOurs = (name: string): boolean =>
    fromFile.includes(name) ||
    (name.includes('_') && prefixes.has(name.split('_', 1)[0]!)) ||
    (name.length >= MIN_GUESSED && all.some((each) => distance(name, each) <= 2));
  return Object.keys(env)
    .filter((name) => env[name] && !all.includes(name) && !ALIASES.has(name) && !OTHERS.test(name) && isOurs(name))
    .map((name) => {
      const nearest = closest(name, all);
      return `${name} is set, but nothing reads it.${isNear(name, nearest) ? ` Did you mean ${nearest}?` : ''}`;
    });
}
