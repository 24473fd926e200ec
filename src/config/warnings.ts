import type { Config } from '.';
import { toSeconds } from '../lib/duration';
import { isLoopback } from '../lib/network';

// Warnings about settings that are accepted but look unintended, logged at startup. Each says what to do.

type CompleteConfig = Omit<Config, 'warnings'>;

const DAY = 86_400;
const MAX_SESSION_DAYS = 30;

function isLocalUrl(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const host = new URL(address).hostname.replaceAll(/[[\]]/g, '');
  return ['localhost', '0.0.0.0', '::'].includes(host) || host.endsWith('.localhost') || isLoopback(host);
}

function describeAddress(name: string, address: string | undefined): string[] {
  if (!address) return [];
  if (isLocalUrl(address))
    return [`${name} is on this machine, so links do not work for anyone else: set the public URL.`];
  return address.startsWith('http:')
    ? [`${name} is not https: anyone on the network path can read tokens and tickets.`]
    : [];
}

function describeLimits(config: CompleteConfig): string[] {
  if (config.rateLimitMaxRequests === 0)
    return ['RATE_LIMIT_MAX_REQUESTS=0 turns off all limits: remove it, unless this is a load test.'];
  const tiers = {
    RATE_LIMIT_SIGN_IN: config.rateLimitSignIn,
    RATE_LIMIT_SIGN_UP: config.rateLimitSignUp,
    RATE_LIMIT_PASSWORD_RESET: config.rateLimitPasswordReset,
    RATE_LIMIT_BOOKINGS: config.rateLimitBookings,
    RATE_LIMIT_CHECK_INS: config.rateLimitCheckIns,
    RATE_LIMIT_UPLOADS: config.rateLimitUploads,
  };
  return Object.entries(tiers)
    .filter(([, limit]) => limit === 0)
    .map(([name]) => `${name}=0 turns off this limit: remove it, unless this is a load test.`);
}

function describeTokens({ jwtExpiresIn, jwtRefreshExpiresIn, bcryptCost }: CompleteConfig): string[] {
  const warnings: string[] = [];
  if (toSeconds(jwtExpiresIn) > DAY)
    warnings.push(
      `JWT_EXPIRES_IN=${jwtExpiresIn} keeps a stolen token valid for that long: an hour or less is enough.`,
    );
  if (toSeconds(jwtRefreshExpiresIn) > MAX_SESSION_DAYS * DAY)
    warnings.push(
      `JWT_REFRESH_EXPIRES_IN=${jwtRefreshExpiresIn} has no effect beyond ${MAX_SESSION_DAYS} days, when every session ends.`,
    );
  if (bcryptCost > 14)
    warnings.push(`BCRYPT_COST=${bcryptCost} makes each sign-in take seconds of CPU time: 12 is enough.`);
  return warnings;
}

const WELL_KNOWN_PASSWORDS = new Set([
  '',
  'postgres',
  'password',
  'bilten',
  'program',
  'owner',
  'admin',
  'root',
  'secret',
  'changeme',
]);

function describeServers({ databaseUrl, databaseOwnerUrl, mailFrom, smtpUrl }: CompleteConfig): string[] {
  const warnings: string[] = [];
  for (const [name, url] of [
    ['DATABASE_URL', databaseUrl],
    ['DATABASE_OWNER_URL', databaseOwnerUrl],
  ] as const) {
    const password = url && new URL(url).password;
    if (password && WELL_KNOWN_PASSWORDS.has(decodeURIComponent(password).toLowerCase()))
      warnings.push(`${name} has a well-known password: choose your own.`);
  }
  if (smtpUrl && /\.(example|invalid|test|localhost)\W*$/i.test(mailFrom))
    warnings.push(`MAIL_FROM is ${mailFrom}, which mail servers reject: use an address of your domain.`);
  return warnings;
}

function describeProviders(config: CompleteConfig): string[] {
  const warnings: string[] = [];
  if (config.paymentProviders.includes('stripe') && /^[rs]k_test_/.test(config.stripeSecretKey ?? ''))
    warnings.push('STRIPE_SECRET_KEY is a test key: no real payments are made.');
  if (config.paymentProviders.includes('paypal') && config.paypalBaseUrl.includes('sandbox'))
    warnings.push("PAYPAL_BASE_URL is PayPal's sandbox: no real payments are made.");
  return warnings;
}

function describeSwitches(config: CompleteConfig): string[] {
  const warnings: string[] = [];
  if (config.devTools) warnings.push('DEV_TOOLS has no effect in production: remove it.');
  if (!config.requireVerifiedEmail)
    warnings.push(
      'REQUIRE_VERIFIED_EMAIL=false lets anyone publish events and hold tickets under an email address that is not theirs.',
    );
  if (config.mailDriver === 'local' && config.smtpUrl)
    warnings.push('MAIL_DRIVER=local overrides SMTP_URL: no mail is sent.');
  if (config.logLevel === 'silent') warnings.push('LOG_LEVEL=silent hides all failures: use at least error.');
  return warnings;
}

/** Returns warnings about settings that are accepted but look unintended. */
export function listConfigWarnings(config: CompleteConfig): string[] {
  if (!config.isProduction) {
    if (!config.devTools) return [];
    return ['DEV_TOOLS shows all mail, with its tokens, to every client that can reach this program.'];
  }
  return [
    ...describeAddress('PUBLIC_URL', config.publicUrl),
    ...(config.frontendOrigins[0] ? describeAddress('FRONTEND_URL', config.frontendOrigins[0]) : []),
    ...describeLimits(config),
    ...describeTokens(config),
    ...describeServers(config),
    ...describeProviders(config),
    ...describeSwitches(config),
  ];
}

export interface MissingPart {
  part: 'mail' | 'payments' | 'sms';
  message: string;
}

/** Returns the parts that are not configured, with the settings that configure them. */
export function listMissingParts({ mailDriver, paymentProviders, twilioAccountSid }: CompleteConfig): MissingPart[] {
  const missing: MissingPart[] = [];
  if (mailDriver === 'local')
    missing.push({ part: 'mail', message: 'Mail is stored in DATA_DIR and not sent: set SMTP_URL.' });
  if (paymentProviders.length === 0)
    missing.push({
      part: 'payments',
      message: 'No payment provider is set, so only free tickets can be booked: set PAYMENT_PROVIDERS.',
    });
  else if (paymentProviders.every((provider) => provider === 'sandbox'))
    missing.push({
      part: 'payments',
      message: 'Only the sandbox is set, which takes no money: set PAYMENT_PROVIDERS.',
    });
  if (!twilioAccountSid)
    missing.push({
      part: 'sms',
      message: 'No text messages are sent: set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM.',
    });
  return missing;
}
