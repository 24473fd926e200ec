import { closest, distance } from 'fastest-levenshtein';

type Environment = Record<string, string | undefined>;

const MINUTE_MS = 60_000;
// Shorter names of the environment may be anybody's.
const MIN_GUESSED = 8;

// Names of other programs of this kind, which a `.env` that was carried over has.
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

// Read by name, but no settings of their own: parts of URLs (`Instead:` in .env.example).
const PARTS = ['DB', 'REDIS', 'SMTP'].flatMap((prefix) =>
  ['HOST', 'PORT', 'USER', 'PASSWORD', 'NAME'].map((part) => `${prefix}_${part}`),
);

// Of a front end, of the AWS SDK, of the tests, of Kubernetes' links between services.
const OTHERS =
  /^(NEXT|VITE|REACT|AWS|OTEL|PG|TEST|POSTGRES|NODE|NPM)_|_SERVICE_(HOST|PORT)|_PORT(_\d+_(TCP|UDP).*)?$|PUBLISHABLE/;

/** Times are milliseconds here; a window under a second was meant in minutes, as in the programs whose name it is. */
function translate(alias: string, value: string): string {
  const minutes = alias === 'RATE_LIMIT_WINDOW' ? Number(value) : NaN;
  return minutes > 0 && minutes < 1000 ? String(minutes * MINUTE_MS) : value;
}

/** The environment with other programs' names read as ours, where ours are not set; and a line for each. */
export function readAliases(env: Environment): { env: Environment; notes: string[] } {
  const read: Environment = { ...env };
  const notes: string[] = [];
  for (const [alias, name] of Object.entries(ALIASES)) {
    const value = env[alias];
    if (!value || value === env[name]) continue;
    if (env[name]) {
      notes.push(`${alias} is ignored, since ${name} is set: remove it.`);
      continue;
    }
    read[name] = translate(alias, value);
    notes.push(`${alias} is read as ${name}: rename it.`);
  }
  return { env: read, notes };
}

/** How many letters may be wrong before two names have nothing to do with each other. */
function isNear(name: string, other: string): boolean {
  return distance(name, other) <= Math.max(2, Math.floor(name.length / 3));
}

/**
 * A line for each name that nothing reads, with the nearest that exists: all that stand in the `.env` file, and those of the
 * environment that begin like ours or are nearly one of ours.
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
