import { closest, distance } from 'fastest-levenshtein';

type Environment = Record<string, string | undefined>;

const MINUTE_MS = 60_000;
// Shorter names in the environment may belong to any program.
const MIN_GUESSED = 8;

// Names used by similar programs, for `.env` files that were carried over from them.
const ALIASES: Record<string, string> = {
  POSTGRES_URL: 'DATABASE_URL',
  DB_URL: 'DATABASE_URL',
  DB_USERNAME: 'DB_USER',
  DB_PASS: 'DB_PASSWORD',
  DB_DATABASE: 'DB_NAME',
  REDIS_PASS: 'REDIS_PASSWORD',
  REDIS_USERNAME: 'REDIS_USER',
  SMTP_PASS: 'SMTP_PASSWORD',
  SMTP_USERNAME: 'SMTP_USER',
  EMAIL_HOST: 'SMTP_HOST',
  EMAIL_PORT: 'SMTP_PORT',
  EMAIL_USER: 'SMTP_USER',
  EMAIL_PASS: 'SMTP_PASSWORD',
  EMAIL_PASSWORD: 'SMTP_PASSWORD',
  EMAIL_FROM: 'MAIL_FROM',
  FROM_EMAIL: 'MAIL_FROM',
  SMTP_FROM: 'MAIL_FROM',
  JWT_EXPIRE: 'JWT_EXPIRES_IN',
  JWT_EXPIRES: 'JWT_EXPIRES_IN',
  JWT_EXPIRY: 'JWT_EXPIRES_IN',
  JWT_EXPIRATION: 'JWT_EXPIRES_IN',
  JWT_REFRESH_EXPIRE: 'JWT_REFRESH_EXPIRES_IN',
  JWT_REFRESH_EXPIRES: 'JWT_REFRESH_EXPIRES_IN',
  JWT_REFRESH_EXPIRATION: 'JWT_REFRESH_EXPIRES_IN',
  RATE_LIMIT_WINDOW: 'RATE_LIMIT_WINDOW_MS',
  RATE_LIMIT_MAX: 'RATE_LIMIT_MAX_REQUESTS',
  BCRYPT_ROUNDS: 'BCRYPT_COST',
  BCRYPT_SALT_ROUNDS: 'BCRYPT_COST',
  CLIENT_URL: 'FRONTEND_URL',
  CORS_ORIGIN: 'FRONTEND_URL',
  APP_URL: 'PUBLIC_URL',
  AWS_S3_BUCKET: 'S3_BUCKET',
  AWS_BUCKET_NAME: 'S3_BUCKET',
  STRIPE_SECRET: 'STRIPE_SECRET_KEY',
  TWILIO_PHONE_NUMBER: 'TWILIO_FROM',
};

// Parts of URLs (`Instead:` in .env.example), which are read but are not settings themselves.
const PARTS = ['DB', 'REDIS', 'SMTP'].flatMap((prefix) =>
  ['HOST', 'PORT', 'USER', 'PASSWORD', 'NAME'].map((part) => `${prefix}_${part}`),
);

// Names that belong to front ends, the AWS SDK, the tests, or Kubernetes service links.
const OTHERS =
  /^(NEXT|VITE|REACT|AWS|OTEL|PG|TEST|POSTGRES|NODE|NPM)_|_SERVICE_(HOST|PORT)|_PORT(_\d+_(TCP|UDP).*)?$|PUBLISHABLE/;

/** Converts a RATE_LIMIT_WINDOW below 1000 from minutes to milliseconds; the programs that use this name count in minutes. */
function translate(alias: string, value: string): string {
  const minutes = alias === 'RATE_LIMIT_WINDOW' ? Number(value) : NaN;
  return minutes > 0 && minutes < 1000 ? String(minutes * MINUTE_MS) : value;
}

/** Returns the environment with aliases read as our names, unless ours are set, and one note per alias. */
export function readAliases(env: Environment): { env: Environment; notes: string[] } {
  const read: Environment = { ...env };
  const notes: string[] = [];
  for (const [alias, name] of Object.entries(ALIASES)) {
    const value = env[alias];
    if (!value || value === env[name]) continue;
    if (env[name]) {
      notes.push(`${alias} is ignored because ${name} is set: remove it.`);
      continue;
    }
    read[name] = translate(alias, value);
    notes.push(`${alias} is read as ${name}: rename it.`);
  }
  return { env: read, notes };
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
    .filter((name) => env[name] && !all.includes(name) && !(name in ALIASES) && !OTHERS.test(name) && isOurs(name))
    .map((name) => {
      const nearest = closest(name, all);
      return `${name} is set, but nothing reads it.${isNear(name, nearest) ? ` Did you mean ${nearest}?` : ''}`;
    });
}
