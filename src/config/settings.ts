import {
  choices,
  duration,
  flag,
  minutes,
  number,
  oneOf,
  optional,
  optionalMinutes,
  optionalPort,
  serverAddress,
  text,
  webAddress,
} from './setting';

const PAYMENT_PROVIDERS = ['stripe', 'paypal', 'crypto', 'sandbox'] as const;
export type PaymentProviderName = (typeof PAYMENT_PROVIDERS)[number];

// The maximum delay of a timer; a longer one would fire at once.
const MAX_TIMER_MS = 2 ** 31 - 1;
const MAX_WINDOW_HOURS = 366 * 24;
const POSTGRESQL = ['postgres', 'postgresql'];

/** All settings, with their variable, default and description. `.env.example` lists the same settings. */
export const settings = {
  nodeEnv: oneOf('NODE_ENV', ['development', 'production', 'test'], 'development', 'development, production or test'),
  host: optional(
    'HOST',
    'Address to listen on; defaults to all addresses in production, otherwise to 127.0.0.1; 0.0.0.0 for all',
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
    'Proxies that are trusted to set X-Forwarded-For: false, a number of hops, or addresses',
  ),
  frontendUrl: optional(
    'FRONTEND_URL',
    'Comma-separated origins of your own front ends, which can call the API from a browser; links in mail lead to the first. Without it, they lead to the pages of this program. Outside production, any port of this machine may call the API',
  ),
  otlpEndpoint: webAddress(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    undefined,
    'OTLP over HTTP endpoint that traces are sent to; tracing is off without it',
  ),
  maxConnections: number(
    'MAX_CONNECTIONS',
    15_000,
    'Maximum number of client connections per process; further ones are closed at once',
    (s) => s.integer().min(1),
  ),
  stopDelayMs: number(
    'STOP_DELAY_MS',
    0,
    'How long to keep serving after SIGTERM while /health/ready fails, so that load balancers can react',
    (s) => s.integer().max(MAX_TIMER_MS),
  ),
  metricsToken: optional(
    'METRICS_TOKEN',
    'Bearer token for /metrics; without it, only the private network can read them, and not through a proxy',
  ),
  workerPort: optionalPort('WORKER_PORT', "Port of the worker's /health and /metrics; they are off without it"),
  publicUrl: optional(
    'PUBLIC_URL',
    'URL of this program for clients, used in mail; defaults to http://localhost:PORT, required in production',
  ),
  devTools: flag(
    'DEV_TOOLS',
    undefined,
    'Serve /dev/mail and the payment sandbox to every client, not only to this machine; has no effect in production',
  ),
  seedDemo: flag('SEED_DEMO', undefined, 'Fill a new database with demo data; defaults to true if embedded'),

  databaseUrl: serverAddress(
    'DATABASE_URL',
    POSTGRESQL,
    'PostgreSQL 14 or newer; without it, the program runs its own (outside production)',
  ),
  databaseOwnerUrl: serverAddress(
    'DATABASE_OWNER_URL',
    POSTGRESQL,
    'URL for the role that owns and migrates the schema; defaults to DATABASE_URL',
  ),
  databaseDirectUrl: serverAddress(
    'DATABASE_DIRECT_URL',
    POSTGRESQL,
    'URL that bypasses a connection pooler, for migrations and LISTEN',
  ),
  databasePoolSize: number('DATABASE_POOL_SIZE', 10, 'Database connections per process for requests', (s) =>
    s.integer().min(2),
  ),
  databasePreparedStatements: flag(
    'DATABASE_PREPARED_STATEMENTS',
    true,
    'Use named prepared statements; turn off behind a pooler without support for them',
  ),
  redisUrl: serverAddress(
    'REDIS_URL',
    ['redis', 'rediss'],
    'Redis for queues and shared rate limits; without it, queues run on PostgreSQL',
  ),

  jwtSecret: optional(
    'JWT_SECRET',
    'Secret that signs access tokens, at least 32 characters; outside production it is generated and stored in DATA_DIR',
  ),
  jwtExpiresIn: duration('JWT_EXPIRES_IN', '1h', 'Lifetime of an access token'),
  jwtRefreshExpiresIn: duration('JWT_REFRESH_EXPIRES_IN', '7d', 'Lifetime of an unused session'),
  bcryptCost: number('BCRYPT_COST', 12, 'Cost of password hashes; at least 10 in production', (s) =>
    s.integer().min(4).max(18),
  ),
  requireVerifiedEmail: flag(
    'REQUIRE_VERIFIED_EMAIL',
    undefined,
    'Require a verified email address to publish events, hold unpaid tickets and join waitlists; defaults to true in production',
  ),
  adminEmail: optional('ADMIN_EMAIL', 'Email address of the first admin, who is created at the first start'),
  adminPassword: optional('ADMIN_PASSWORD', 'Password of the first admin'),

  rateLimitWindowMs: number('RATE_LIMIT_WINDOW_MS', 900_000, 'Length of the rate limit window', (s) =>
    s.integer().min(1000).max(MAX_TIMER_MS),
  ),
  rateLimitMaxRequests: number(
    'RATE_LIMIT_MAX_REQUESTS',
    1000,
    'Requests per window and user or address; 0 turns off all tiers',
    (s) => s.integer(),
  ),
  rateLimitSignIn: number('RATE_LIMIT_SIGN_IN', 100, 'Sign-ins per window and address', (s) => s.integer()),
  rateLimitSignUp: number('RATE_LIMIT_SIGN_UP', 60, 'Registrations per window and address', (s) => s.integer()),
  rateLimitPasswordReset: number(
    'RATE_LIMIT_PASSWORD_RESET',
    20,
    'Password resets and resent verification emails per window and address',
    (s) => s.integer(),
  ),
  rateLimitBookings: number('RATE_LIMIT_BOOKINGS', 300, 'Bookings per window and user', (s) => s.integer()),
  rateLimitCheckIns: number('RATE_LIMIT_CHECK_INS', 6000, 'Requests with scans of tickets per window and user', (s) =>
    s.integer(),
  ),
  rateLimitUploads: number('RATE_LIMIT_UPLOADS', 100, 'Uploads per window and user', (s) => s.integer()),
  rateLimitLicenses: number(
    'RATE_LIMIT_LICENSES',
    600,
    'Activations and verifications of licenses per window and address',
    (s) => s.integer(),
  ),
  rateLimitLicenseMisses: number(
    'RATE_LIMIT_LICENSE_MISSES',
    20,
    'Unknown license keys per window and address, after which it is rejected',
    (s) => s.integer(),
  ),

  maxTicketsPerUser: number('MAX_TICKETS_PER_USER', 10, 'Maximum number of tickets in one booking', (s) =>
    s.integer().min(1).max(1000),
  ),
  holdMinutes: minutes('HOLD_MINUTES', 15, 'How long an unpaid booking holds its tickets; fractions allowed'),
  holdPauseMinutes: optionalMinutes(
    'HOLD_PAUSE_MINUTES',
    'How long an account must wait before its next hold after cancelling an unpaid hold or letting it expire; doubles each time; 0 turns it off; defaults to 1 in production, otherwise 0',
  ),
  waitlistOfferMinutes: minutes(
    'WAITLIST_OFFER_MINUTES',
    720,
    'How long a waitlist offer holds its tickets; fractions allowed',
  ),
  waitlistFirstOfferMinutes: optionalMinutes(
    'WAITLIST_FIRST_OFFER_MINUTES',
    'The same for accounts that have never paid or attended; defaults to 60 in production, otherwise to WAITLIST_OFFER_MINUTES',
  ),
  cancellationWindowHours: number(
    'CANCELLATION_WINDOW_HOURS',
    24,
    'Hours before the start until which customers can cancel',
    (s) => s.max(MAX_WINDOW_HOURS),
  ),
  supportFirstResponseHours: number(
    'SUPPORT_FIRST_RESPONSE_HOURS',
    24,
    'Hours within which a support ticket of normal priority gets a first response; twice that if low, a third if high, a sixth if urgent',
    (s) => s.greater(0).max(MAX_WINDOW_HOURS),
  ),
  withdrawalDays: number(
    'WITHDRAWAL_DAYS',
    14,
    'Days after the last goods were sent, or after the payment if nothing is sent, within which customers can withdraw from a purchase',
    (s) => s.max(366),
  ),
  inventoryLanes: number('INVENTORY_LANES', 1, 'Command batchers per process; each commits bookings in groups', (s) =>
    s.integer().min(1).max(8),
  ),
  inventoryQueueSize: number(
    'INVENTORY_QUEUE_SIZE',
    5000,
    'Maximum number of waiting commands; further requests are rejected with 503',
    (s) => s.integer().min(1),
  ),

  storeTaxRate: number(
    'STORE_TAX_RATE',
    0,
    'Tax rate in percent of products without a rate of their own, in places without one',
    (s) => s.max(100).precision(3),
  ),

  supportEmail: optional('SUPPORT_EMAIL', 'Email address at which customers reach you, shown by front ends'),
  supportPhone: optional('SUPPORT_PHONE', 'Phone number of your support, shown by front ends'),
  supportWhatsapp: optional(
    'SUPPORT_WHATSAPP',
    'WhatsApp number of your support with its country code, for front ends',
  ),

  paymentProviders: choices(
    'PAYMENT_PROVIDERS',
    PAYMENT_PROVIDERS,
    'Comma-separated payment providers: stripe, paypal, crypto, sandbox; defaults to sandbox, or to none in production',
  ),
  paymentTimeoutMs: number('PAYMENT_TIMEOUT_MS', 10_000, 'How long to wait for a payment provider', (s) =>
    s.integer().min(1).max(MAX_TIMER_MS),
  ),
  stripeSecretKey: optional('STRIPE_SECRET_KEY', 'Secret key of the Stripe account'),
  stripePublishableKey: optional(
    'STRIPE_PUBLISHABLE_KEY',
    'Publishable key of the Stripe account, for front ends and pages, which do not offer Stripe without it; starts with pk_',
  ),
  stripeWebhookSecret: optional(
    'STRIPE_WEBHOOK_SECRET',
    'Secret that signs Stripe webhooks; during rotation, the old and the new one, comma-separated',
  ),
  stripeApiBase: webAddress('STRIPE_API_BASE', 'https://api.stripe.com', 'URL of the Stripe API'),
  paypalClientId: optional('PAYPAL_CLIENT_ID', 'Client id of the PayPal app'),
  paypalClientSecret: optional('PAYPAL_CLIENT_SECRET', 'Client secret of the PayPal app'),
  paypalBaseUrl: webAddress(
    'PAYPAL_BASE_URL',
    'https://api-m.paypal.com',
    'URL of the PayPal API; the sandbox is https://api-m.sandbox.paypal.com',
  ),
  paypalWebhookId: optional('PAYPAL_WEBHOOK_ID', 'Id of the webhook in PayPal'),
  btcpayUrl: webAddress('BTCPAY_URL', undefined, 'URL of BTCPay Server, for payments in cryptocurrency'),
  btcpayStoreId: optional('BTCPAY_STORE_ID', 'Id of the store in BTCPay Server'),
  btcpayApiKey: optional(
    'BTCPAY_API_KEY',
    'API key with permission to create, view and modify invoices, and to manage pull payments and the store',
  ),
  btcpayWebhookSecret: optional(
    'BTCPAY_WEBHOOK_SECRET',
    'Secret that signs BTCPay Server webhooks; during rotation, the old and the new one, comma-separated',
  ),

  storageDriver: oneOf(
    'STORAGE_DRIVER',
    ['local', 's3'],
    'local',
    'Storage for uploaded files: local (in DATA_DIR) or s3',
  ),
  filesQuotaMb: number(
    'FILES_QUOTA_MB',
    500,
    'Storage quota per account in megabytes, including covers and logos; 0 for no limit',
  ),
  s3Endpoint: webAddress('S3_ENDPOINT', undefined, 'URL of an S3-compatible store; defaults to AWS'),
  s3Bucket: optional('S3_BUCKET', 'Name of the bucket, which should contain nothing else'),
  s3Region: text('S3_REGION', 'us-east-1', 'Region of the bucket'),
  s3AccessKeyId: optional('S3_ACCESS_KEY_ID', 'Access key of the store; defaults to what the AWS SDK finds'),
  s3SecretAccessKey: optional('S3_SECRET_ACCESS_KEY', 'Secret that belongs to S3_ACCESS_KEY_ID'),

  mailDriver: oneOf(
    'MAIL_DRIVER',
    ['smtp', 'local'],
    undefined,
    'smtp, or local to store mail in DATA_DIR; defaults to smtp with SMTP_URL, otherwise to local, which production requires to be set explicitly',
  ),
  smtpUrl: serverAddress(
    'SMTP_URL',
    ['smtp', 'smtps'],
    'Mail server as smtp://user:password@host:port; required in production unless MAIL_DRIVER=local',
  ),
  mailFrom: text('MAIL_FROM', 'Bilten <tickets@bilten.example>', 'Sender of mail'),
  mailTickets: oneOf(
    'MAIL_TICKETS',
    ['attach', 'link'],
    'attach',
    'How confirmations deliver tickets: attach (up to 10, as a PDF) or link (only a link to the PDF)',
  ),
  eventMessagesPerSecond: number(
    'EVENT_MESSAGES_PER_SECOND',
    20,
    "Emails of organizers' messages sent per second, by all processes together",
    (s) => s.integer().min(1).max(1000),
  ),

  twilioAccountSid: optional(
    'TWILIO_ACCOUNT_SID',
    'Account SID of Twilio, which sends text messages; without it, they are stored in DATA_DIR outside production',
  ),
  twilioAuthToken: optional('TWILIO_AUTH_TOKEN', 'Auth token of the Twilio account'),
  twilioFrom: optional('TWILIO_FROM', 'Sender of text messages: a phone number or the id of a messaging service'),
  twilioBaseUrl: webAddress('TWILIO_BASE_URL', 'https://api.twilio.com', 'URL of the Twilio API'),

  liveConnectionsPerUser: number('LIVE_CONNECTIONS_PER_USER', 20, 'Live connections per user and process', (s) =>
    s.integer().min(1),
  ),
  liveConnectionsPerAddress: number(
    'LIVE_CONNECTIONS_PER_ADDRESS',
    100,
    'Live connections without a token per address and process',
    (s) => s.integer().min(1),
  ),
  liveConnections: number('LIVE_CONNECTIONS', 10_000, 'Live connections per process; 0 turns live updates off', (s) =>
    s.integer(),
  ),
};
