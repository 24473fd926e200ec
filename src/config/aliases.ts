const MINUTE_MS = 60_000;

/** A name that similar programs give to one of our settings. */
export interface Alias {
  /** Our name: of a setting, or of a part of an address such as DB_HOST. */
  name: string;
  /** Converts the value to ours. */
  translate?: (value: string) => string;
  /** Other programs on the machine set it too, so ours may have another value. */
  isShared?: boolean;
}

const aliases = (name: string, ...others: string[]): [string, Alias][] => others.map((alias) => [alias, { name }]);

/** Programs that use these names count in minutes; nobody limits requests per second. */
const minutesToMs = (value: string): string => {
  const minutes = Number(value);
  return minutes > 0 && minutes < 1000 ? String(minutes * MINUTE_MS) : value;
};

const toPayPalUrl = (value: string): string => {
  if (/^(live|production)$/i.test(value)) return 'https://api-m.paypal.com';
  return /^(sandbox|test)$/i.test(value) ? 'https://api-m.sandbox.paypal.com' : value;
};

/**
 * Names in `.env` files that were carried over from other programs; docs/operations.md lists the same. Names that a machine may
 * have for other reasons are not among them: Kubernetes sets API_PORT for a service called api.
 */
export const ALIASES: ReadonlyMap<string, Alias> = new Map([
  ...aliases('FRONTEND_URL', 'CLIENT_URL', 'CORS_ORIGIN', 'CORS_ORIGINS', 'ALLOWED_ORIGINS', 'FRONTEND_ORIGIN'),
  ...aliases('PUBLIC_URL', 'APP_URL', 'API_URL', 'API_BASE_URL', 'BACKEND_URL'),
  ...aliases('DATABASE_URL', 'DB_URL', 'POSTGRES_URL', 'DATABASE_URI'),
  ...aliases('DB_USER', 'DB_USERNAME'),
  ...aliases('DB_PASSWORD', 'DB_PASS'),
  ...aliases('DB_NAME', 'DB_DATABASE'),
  ...aliases('DATABASE_POOL_SIZE', 'DB_POOL_SIZE', 'DB_POOL_MAX'),
  ...aliases('REDIS_URL', 'REDIS_URI'),
  ...aliases('REDIS_USER', 'REDIS_USERNAME'),
  ...aliases('REDIS_PASSWORD', 'REDIS_PASS'),
  ...aliases('REDIS_NAME', 'REDIS_DB'),
  ...aliases('JWT_SECRET', 'JWT_ACCESS_SECRET', 'ACCESS_TOKEN_SECRET'),
  ...aliases('JWT_EXPIRES_IN', 'JWT_EXPIRE', 'JWT_EXPIRES', 'JWT_EXPIRY', 'JWT_EXPIRATION', 'JWT_ACCESS_EXPIRES_IN'),
  ...aliases('JWT_EXPIRES_IN', 'ACCESS_TOKEN_EXPIRES_IN'),
  ...aliases('JWT_REFRESH_EXPIRES_IN', 'JWT_REFRESH_EXPIRE', 'JWT_REFRESH_EXPIRES', 'JWT_REFRESH_EXPIRATION'),
  ...aliases('JWT_REFRESH_EXPIRES_IN', 'REFRESH_TOKEN_EXPIRES_IN'),
  ...aliases('BCRYPT_COST', 'BCRYPT_ROUNDS', 'BCRYPT_SALT_ROUNDS', 'SALT_ROUNDS'),
  ['RATE_LIMIT_WINDOW', { name: 'RATE_LIMIT_WINDOW_MS', translate: minutesToMs }],
  ...aliases('RATE_LIMIT_MAX_REQUESTS', 'RATE_LIMIT_MAX', 'RATE_LIMIT_REQUESTS'),
  ...aliases('STORE_TAX_RATE', 'DEFAULT_TAX_RATE'),
  ...aliases('STRIPE_SECRET_KEY', 'STRIPE_SECRET', 'STRIPE_API_KEY'),
  ...aliases('STRIPE_WEBHOOK_SECRET', 'STRIPE_WEBHOOK_SIGNING_SECRET', 'STRIPE_ENDPOINT_SECRET'),
  ...aliases('STRIPE_PUBLISHABLE_KEY', 'STRIPE_PUBLIC_KEY'),
  ...aliases('PAYPAL_CLIENT_SECRET', 'PAYPAL_SECRET'),
  ...['PAYPAL_MODE', 'PAYPAL_ENVIRONMENT'].map((alias): [string, Alias] => [
    alias,
    { name: 'PAYPAL_BASE_URL', translate: toPayPalUrl },
  ]),
  ...aliases('BTCPAY_URL', 'BTCPAY_SERVER_URL'),
  ...aliases('STORAGE_DRIVER', 'STORAGE_TYPE', 'STORAGE_PROVIDER'),
  ...aliases('S3_BUCKET', 'S3_BUCKET_NAME', 'AWS_S3_BUCKET', 'AWS_S3_BUCKET_NAME', 'AWS_BUCKET_NAME'),
  ...aliases('S3_REGION', 'AWS_S3_REGION'),
  ['AWS_REGION', { name: 'S3_REGION', isShared: true }],
  ...aliases('S3_ENDPOINT', 'AWS_S3_ENDPOINT'),
  ...aliases('S3_ACCESS_KEY_ID', 'S3_ACCESS_KEY'),
  ...aliases('S3_SECRET_ACCESS_KEY', 'S3_SECRET_KEY'),
  ...aliases('SMTP_HOST', 'EMAIL_HOST', 'MAIL_HOST'),
  ...aliases('SMTP_PORT', 'EMAIL_PORT', 'MAIL_PORT'),
  ...aliases('SMTP_USER', 'SMTP_USERNAME', 'EMAIL_USER', 'EMAIL_USERNAME', 'MAIL_USER', 'MAIL_USERNAME'),
  ...aliases('SMTP_PASSWORD', 'SMTP_PASS', 'EMAIL_PASS', 'EMAIL_PASSWORD', 'MAIL_PASS', 'MAIL_PASSWORD'),
  ...aliases('SMTP_SECURE', 'EMAIL_SECURE', 'MAIL_SECURE'),
  ...aliases('MAIL_FROM', 'EMAIL_FROM', 'FROM_EMAIL', 'SMTP_FROM', 'MAIL_FROM_ADDRESS'),
  ...aliases('TWILIO_FROM', 'TWILIO_PHONE_NUMBER', 'TWILIO_FROM_NUMBER'),
  ...aliases('SUPPORT_EMAIL', 'CONTACT_EMAIL'),
  ...aliases('SUPPORT_PHONE', 'CONTACT_PHONE'),
  ...aliases('SUPPORT_WHATSAPP', 'WHATSAPP_NUMBER', 'SUPPORT_WHATSAPP_NUMBER'),
]);
