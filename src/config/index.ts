import { config as readEnvFile } from 'dotenv';
import { findConfigProblems, findStartProblems } from './problems';
import { listConfigWarnings } from './warnings';
import { toSeconds } from '../lib/duration';
import {
  choices,
  duration,
  flag,
  number,
  oneOf,
  optional,
  optionalNumber,
  optionalPort,
  serverAddress,
  text,
  webAddress,
  type Setting,
} from './setting';
import { describeUnknownNames, readAliases } from './setting-names';
import { urlFromParts, type Environment } from './url-from-parts';

const PAYMENT_PROVIDERS = ['stripe', 'paypal', 'crypto', 'sandbox'] as const;
export type PaymentProviderName = (typeof PAYMENT_PROVIDERS)[number];

// What a timer takes; more would make it fire at once.
const MAX_TIMER_MS = 2 ** 31 - 1;
const POSTGRESQL = ['postgres', 'postgresql'];

/** Every setting there is: its variable, its default and what it means. `.env.example` lists the same names. */
export const settings = {
  nodeEnv: oneOf('NODE_ENV', ['development', 'production', 'test'], 'development', 'development, production or test'),
  host: optional(
    'HOST',
    'Address to listen on; by default every one of this machine in production, else 127.0.0.1; 0.0.0.0 for every one',
  ),
  port: number('PORT', 4000, 'Port of the API', (s) => s.port()),
  dataDir: text('DATA_DIR', '.bilten', 'Folder of the embedded database, local files and the local mailbox'),
  logLevel: oneOf(
    'LOG_LEVEL',
    ['fatal', 'error', 'warn', 'info', 'debug', 'silent'],
    'info',
    'fatal, error, warn, info, debug or silent',
  ),
  trustProxy: text(
    'TRUST_PROXY',
    'false',
    'Which proxies may set X-Forwarded-For: false, a number of hops, or addresses',
  ),
  frontendUrl: optional(
    'FRONTEND_URL',
    'Origins that may call the API from a browser, comma-separated; the first is used in links; by default http://localhost:3000, required in production. Elsewhere this machine may call it too, at any port',
  ),
  otlpEndpoint: webAddress(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    undefined,
    'Where traces are sent, by OTLP over HTTP; without it nothing is traced',
  ),
  maxConnections: number(
    'MAX_CONNECTIONS',
    15_000,
    'Connections of clients to one process; further ones are closed at once',
    (s) => s.integer().min(1),
  ),
  stopDelayMs: number(
    'STOP_DELAY_MS',
    0,
    'How long to serve on after SIGTERM while /health/ready says no, so that a load balancer notices first',
    (s) => s.integer().max(MAX_TIMER_MS),
  ),
  metricsToken: optional(
    'METRICS_TOKEN',
    'Bearer token that /metrics asks for; without it only the inside network may read it, and not through a proxy',
  ),
  workerPort: optionalPort('WORKER_PORT', "Port of the worker's own /health and /metrics; without it there is none"),
  publicUrl: optional(
    'PUBLIC_URL',
    'Where clients reach this API, for links in mail; by default http://localhost:PORT, required in production',
  ),
  devTools: flag(
    'DEV_TOOLS',
    undefined,
    'Serve /dev/mail and the payment sandbox to everybody who reaches HOST, not to this machine only; never in production',
  ),
  seedDemo: flag('SEED_DEMO', undefined, 'Fill a new database with demo data; true on the embedded database'),

  databaseUrl: serverAddress(
    'DATABASE_URL',
    POSTGRESQL,
    'PostgreSQL 14 or newer; without it the program runs its own (outside production)',
  ),
  databaseOwnerUrl: serverAddress(
    'DATABASE_OWNER_URL',
    POSTGRESQL,
    'The role that owns and migrates the schema; by default DATABASE_URL',
  ),
  databaseDirectUrl: serverAddress(
    'DATABASE_DIRECT_URL',
    POSTGRESQL,
    'The same database past a pooler, for migrations and LISTEN',
  ),
  databasePoolSize: number('DATABASE_POOL_SIZE', 10, 'Connections per process for requests', (s) => s.integer().min(2)),
  databasePreparedStatements: flag(
    'DATABASE_PREPARED_STATEMENTS',
    true,
    'Named prepared statements; turn off behind a pooler that lacks them',
  ),
  redisUrl: serverAddress(
    'REDIS_URL',
    ['redis', 'rediss'],
    'Redis for queues and shared limits; without it PostgreSQL carries the queues',
  ),

  jwtSecret: optional(
    'JWT_SECRET',
    'Signs access tokens: at least 32 characters; made up and kept in DATA_DIR outside production',
  ),
  jwtExpiresIn: duration('JWT_EXPIRES_IN', '1h', 'Life of an access token'),
  jwtRefreshExpiresIn: duration('JWT_REFRESH_EXPIRES_IN', '7d', 'Life of a session without use'),
  bcryptCost: number('BCRYPT_COST', 12, 'Cost of password hashes; under 10 is refused in production', (s) =>
    s.integer().min(4).max(18),
  ),
  requireVerifiedEmail: flag(
    'REQUIRE_VERIFIED_EMAIL',
    undefined,
    'Publishing an event, holding tickets unpaid and waiting need a verified address; true in production',
  ),
  adminEmail: optional('ADMIN_EMAIL', 'The first admin, made at the first start'),
  adminPassword: optional('ADMIN_PASSWORD', 'The password of the first admin'),

  rateLimitWindowMs: number(
    'RATE_LIMIT_WINDOW_MS',
    900_000,
    'Length of the window in which requests are counted',
    (s) => s.integer().min(1000).max(MAX_TIMER_MS),
  ),
  rateLimitMaxRequests: number(
    'RATE_LIMIT_MAX_REQUESTS',
    1000,
    'Requests per window and user or address; 0 turns every tier off',
    (s) => s.integer(),
  ),
  rateLimitSignIn: number('RATE_LIMIT_SIGN_IN', 100, 'Sign-ins per window and address', (s) => s.integer()),
  rateLimitSignUp: number('RATE_LIMIT_SIGN_UP', 60, 'Registrations per window and address', (s) => s.integer()),
  rateLimitPasswordReset: number(
    'RATE_LIMIT_PASSWORD_RESET',
    20,
    'Forgotten passwords and resent verifications per window and address',
    (s) => s.integer(),
  ),
  rateLimitBookings: number('RATE_LIMIT_BOOKINGS', 300, 'Bookings per window and user', (s) => s.integer()),
  rateLimitUploads: number('RATE_LIMIT_UPLOADS', 100, 'Uploads per window and user', (s) => s.integer()),

  maxTicketsPerUser: number('MAX_TICKETS_PER_USER', 10, 'Most tickets in one booking', (s) =>
    s.integer().min(1).max(1000),
  ),
  holdMinutes: number('HOLD_MINUTES', 15, 'How long an unpaid booking holds its tickets; fractions allowed', (s) =>
    s.greater(0),
  ),
  holdPauseMinutes: optionalNumber(
    'HOLD_PAUSE_MINUTES',
    'How long an account waits for its next unpaid hold after one was given up or ran out, twice as long each time; 0 turns it off; by default 1 in production, else 0',
  ),
  waitlistOfferMinutes: number(
    'WAITLIST_OFFER_MINUTES',
    720,
    'How long an offer holds its tickets; fractions allowed',
    (s) => s.greater(0),
  ),
  waitlistFirstOfferMinutes: optionalNumber(
    'WAITLIST_FIRST_OFFER_MINUTES',
    'The same for accounts that have not paid or attended yet; by default 60 in production, else WAITLIST_OFFER_MINUTES',
  ),
  cancellationWindowHours: number(
    'CANCELLATION_WINDOW_HOURS',
    24,
    'How long before the start a customer may still cancel',
  ),
  inventoryLanes: number('INVENTORY_LANES', 1, 'Group-commit lanes per process', (s) => s.integer().min(1).max(8)),
  inventoryQueueSize: number(
    'INVENTORY_QUEUE_SIZE',
    5000,
    'Commands that may wait before requests are turned away with 503',
    (s) => s.integer().min(1),
  ),

  paymentProviders: choices(
    'PAYMENT_PROVIDERS',
    PAYMENT_PROVIDERS,
    'Ways to pay, of stripe, paypal, crypto and sandbox, comma-separated; by default sandbox, in production none',
  ),
  paymentTimeoutMs: number('PAYMENT_TIMEOUT_MS', 10_000, "How long to wait for a payment provider's answer", (s) =>
    s.integer().min(1).max(MAX_TIMER_MS),
  ),
  stripeSecretKey: optional('STRIPE_SECRET_KEY', "Stripe's secret key"),
  stripeWebhookSecret: optional(
    'STRIPE_WEBHOOK_SECRET',
    "Signs Stripe's webhooks; comma-separated, the old one and the new while it is changed",
  ),
  stripeApiBase: webAddress('STRIPE_API_BASE', 'https://api.stripe.com', "Where Stripe's API is"),
  paypalClientId: optional('PAYPAL_CLIENT_ID', "PayPal's client id"),
  paypalClientSecret: optional('PAYPAL_CLIENT_SECRET', "PayPal's client secret"),
  paypalBaseUrl: webAddress(
    'PAYPAL_BASE_URL',
    'https://api-m.paypal.com',
    "Where PayPal's API is; its sandbox is https://api-m.sandbox.paypal.com",
  ),
  paypalWebhookId: optional('PAYPAL_WEBHOOK_ID', 'The id that PayPal gave to the webhook'),
  btcpayUrl: webAddress('BTCPAY_URL', undefined, 'Where BTCPay Server is, for payments in crypto'),
  btcpayStoreId: optional('BTCPAY_STORE_ID', 'The store in BTCPay Server'),
  btcpayApiKey: optional(
    'BTCPAY_API_KEY',
    'Its API key, which may create, view and modify invoices, and manage pull payments and the store',
  ),
  btcpayWebhookSecret: optional(
    'BTCPAY_WEBHOOK_SECRET',
    "Signs BTCPay Server's webhooks; comma-separated, the old one and the new while it is changed",
  ),

  storageDriver: oneOf(
    'STORAGE_DRIVER',
    ['local', 's3'],
    'local',
    'Where uploaded files are kept: local (in DATA_DIR) or s3',
  ),
  filesQuotaMb: number(
    'FILES_QUOTA_MB',
    500,
    'Megabytes that the files of one account may take, covers and logos included; 0: no limit',
  ),
  s3Endpoint: webAddress('S3_ENDPOINT', undefined, 'Where the S3-compatible store is; by default AWS'),
  s3Bucket: optional('S3_BUCKET', 'The bucket; nothing else should be in it'),
  s3Region: text('S3_REGION', 'us-east-1', 'Its region'),
  s3AccessKeyId: optional('S3_ACCESS_KEY_ID', "The store's access key; by default what the AWS SDK finds"),
  s3SecretAccessKey: optional('S3_SECRET_ACCESS_KEY', 'The secret that belongs to it'),

  mailDriver: oneOf(
    'MAIL_DRIVER',
    ['smtp', 'local'],
    undefined,
    'smtp, or local to keep mail in DATA_DIR; by default smtp with SMTP_URL, else local, which production wants said',
  ),
  smtpUrl: serverAddress(
    'SMTP_URL',
    ['smtp', 'smtps'],
    'Mail server, smtp://user:password@host:port; required in production unless MAIL_DRIVER=local',
  ),
  mailFrom: text('MAIL_FROM', 'Bilten <tickets@bilten.example>', 'Sender of mail'),
  mailTickets: oneOf(
    'MAIL_TICKETS',
    ['attach', 'link'],
    'attach',
    'How tickets go out with confirmations: attach (up to 10, as a PDF) or link (to the PDF alone)',
  ),
  eventMessagesPerSecond: number(
    'EVENT_MESSAGES_PER_SECOND',
    20,
    "Mails of organizers' messages handed over per second, all processes together",
    (s) => s.integer().min(1).max(1000),
  ),

  twilioAccountSid: optional(
    'TWILIO_ACCOUNT_SID',
    'Twilio sends text messages; without it they are kept in DATA_DIR, outside production',
  ),
  twilioAuthToken: optional('TWILIO_AUTH_TOKEN', "Twilio's auth token"),
  twilioFrom: optional('TWILIO_FROM', 'The number that text messages come from, or the id of a messaging service'),
  twilioBaseUrl: webAddress('TWILIO_BASE_URL', 'https://api.twilio.com', "Where Twilio's API is"),

  liveConnectionsPerUser: number('LIVE_CONNECTIONS_PER_USER', 20, 'Live connections of one user to one process', (s) =>
    s.integer().min(1),
  ),
  liveConnectionsPerAddress: number(
    'LIVE_CONNECTIONS_PER_ADDRESS',
    100,
    'Live connections of one address to one process that have not signed in',
    (s) => s.integer().min(1),
  ),
  liveConnections: number(
    'LIVE_CONNECTIONS',
    10_000,
    'Live connections to one process; 0 turns live updates off',
    (s) => s.integer(),
  ),
};

export type SettingKey = keyof typeof settings;

type SettingValues = { [K in SettingKey]: (typeof settings)[K] extends Setting<infer T> ? T : never };

/** What follows at once from being in production or not, where it was left open. */
interface Assumed {
  isProduction: boolean;
  requireVerifiedEmail: boolean;
  devTools: boolean;
  paymentProviders: PaymentProviderName[];
}

/** What was set, and what is assumed; whether it fits together is to be seen. */
export type GivenConfig = Omit<SettingValues, keyof Assumed> & Assumed;

/** What follows from other settings, where it was left open. */
interface Derived {
  holdPauseMinutes: number;
  waitlistFirstOfferMinutes: number;
  mailDriver: 'smtp' | 'local';
  frontendUrl: string;
  publicUrl: string;
  accessTokenSeconds: number;
  refreshTokenSeconds: number;
  /** FRONTEND_URL in its parts: the first is used in links. */
  frontendOrigins: string[];
}

export type Config = Omit<GivenConfig, keyof Derived> &
  Derived & {
    /** What a process that serves or works lacks: a sentence each. */
    startProblems: string[];
    /** Settings that are hardly meant, and names that nothing reads: a line each, to be said at the start. */
    warnings: string[];
  };

function wrongConfiguration(problems: string[]): Error {
  return new Error(`The configuration is wrong:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
}

/** Each setting by itself. */
function readValues(source: Environment): { values: SettingValues; problems: string[] } {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(settings)) {
    const { value, error } = setting.schema
      .label(setting.name)
      .validate(source[setting.name], { errors: { wrap: { label: false } } });
    if (error) problems.push(`${error.message}. It is: ${setting.description}.`);
    values[key] = value;
  }
  return { values: values as SettingValues, problems };
}

function assume(values: SettingValues): GivenConfig {
  const isProduction = values.nodeEnv === 'production';
  return {
    ...values,
    isProduction,
    requireVerifiedEmail: values.requireVerifiedEmail ?? isProduction,
    devTools: values.devTools ?? false,
    paymentProviders: values.paymentProviders ?? (isProduction ? [] : ['sandbox']),
  };
}

function derive(given: GivenConfig): GivenConfig & Derived {
  const { isProduction, waitlistOfferMinutes } = given;
  const frontendUrl = given.frontendUrl ?? 'http://localhost:3000';
  return {
    ...given,
    // Whoever tries the program out does not mean to serve their network.
    host: given.host ?? (isProduction ? undefined : '127.0.0.1'),
    holdPauseMinutes: given.holdPauseMinutes ?? (isProduction ? 1 : 0),
    waitlistFirstOfferMinutes:
      given.waitlistFirstOfferMinutes ?? (isProduction ? Math.min(60, waitlistOfferMinutes) : waitlistOfferMinutes),
    mailDriver: given.mailDriver ?? (given.smtpUrl ? 'smtp' : 'local'),
    accessTokenSeconds: toSeconds(given.jwtExpiresIn),
    refreshTokenSeconds: toSeconds(given.jwtRefreshExpiresIn),
    frontendUrl,
    frontendOrigins: frontendUrl.split(',').map((origin) => origin.trim().replace(/\/+$/, '')),
    publicUrl: given.publicUrl ?? `http://localhost:${given.port}`,
  };
}

/**
 * Reads and checks the whole table; `fromFile` are the names that stand in the `.env` file.
 * @throws Error with one sentence per wrong setting
 */
export function readConfig(environment: Environment, { fromFile = [] as string[] } = {}): Config {
  const { env, notes } = readAliases(environment);
  const { values, problems } = readValues({
    ...env,
    DATABASE_URL: env.DATABASE_URL || urlFromParts(env, 'DB', { scheme: 'postgres', port: 5432 }),
    REDIS_URL: env.REDIS_URL || urlFromParts(env, 'REDIS', { scheme: 'redis', port: 6379 }),
    SMTP_URL: env.SMTP_URL || urlFromParts(env, 'SMTP', { scheme: 'smtp', port: 587 }),
  });
  const given = assume(values);
  if (problems.length === 0) problems.push(...findConfigProblems(given, settings));
  if (problems.length > 0) throw wrongConfiguration(problems);
  const known = Object.values(settings).map(({ name }) => name);
  const config = { ...derive(given), startProblems: findStartProblems(given) };
  const warnings = [...listConfigWarnings(config), ...notes, ...describeUnknownNames(environment, { known, fromFile })];
  return { ...config, warnings };
}

/** For processes that serve or work; commands of the terminal need less. @throws Error with one sentence per missing setting */
export function assertStartable(): void {
  if (config.startProblems.length > 0) throw wrongConfiguration(config.startProblems);
}

const envFile = readEnvFile({ path: process.env.DOTENV_CONFIG_PATH || '.env', quiet: true });
export const namesInEnvFile = Object.keys(envFile.parsed ?? {});
export const config = readConfig(process.env, { fromFile: namesInEnvFile });
