import { isIP } from 'node:net';
import type { GivenConfig, PaymentProviderName, SettingKey } from '.';
import { toSeconds } from '../lib/duration';
import { findPasswordProblem } from '../lib/passwords';
import { toE164 } from '../lib/phone';
import { countGuessesLog10, findKnownPhrase } from './secret-strength';

// Problems that keep the program from starting. Each is a sentence that says what to do.

const MIN_SECRET = 32;
/** A random secret of 16 bytes in hexadecimal has about 31. */
const MIN_SECRET_GUESSES_LOG10 = 26;
const MIN_SHARED_SECRET = 16;
const MIN_SHARED_GUESSES_LOG10 = 12;
const MIN_BCRYPT_COST = 10;
const DAY = 86_400;
const MAX_ACCESS_TOKEN_SECONDS = 30 * DAY;

const knownSecrets = /^(secret|change-?me|your-?secret|password|changeit|default)/i;

type Names = Record<SettingKey, { name: string; description: string }>;

function checkSecret({ jwtSecret, isProduction }: GivenConfig): string[] {
  if (!jwtSecret) return [];
  if (knownSecrets.test(jwtSecret)) return ['JWT_SECRET is a well-known default: choose your own.'];
  if (jwtSecret.length < MIN_SECRET) return [`JWT_SECRET must have at least ${MIN_SECRET} characters.`];
  if (!isProduction) return [];
  const advice = 'generate one with `openssl rand -base64 48`.';
  const phrase = findKnownPhrase(jwtSecret);
  if (phrase) return [`JWT_SECRET contains a well-known phrase ("${phrase}"): ${advice}`];
  if (countGuessesLog10(jwtSecret) < MIN_SECRET_GUESSES_LOG10) return [`JWT_SECRET is too easy to guess: ${advice}`];
  return [];
}

/** Checks secrets shared with other services, which can have several values during rotation. */
function checkSharedSecrets(config: GivenConfig, names: Names): string[] {
  if (!config.isProduction) return [];
  return (['stripeWebhookSecret', 'btcpayWebhookSecret', 'metricsToken'] as const)
    .filter((key) =>
      config[key]
        ?.split(key === 'metricsToken' ? '\0' : ',')
        .map((value) => value.trim())
        .some(
          (value) =>
            value.length < MIN_SHARED_SECRET ||
            findKnownPhrase(value) !== undefined ||
            countGuessesLog10(value) < MIN_SHARED_GUESSES_LOG10,
        ),
    )
    .map(
      (key) =>
        `${names[key].name} is too easy to guess: use a random value of at least ${MIN_SHARED_SECRET} characters (${names[key].description}).`,
    );
}

const providerSettings: Record<PaymentProviderName, SettingKey[]> = {
  stripe: ['stripeSecretKey', 'stripeWebhookSecret'],
  paypal: ['paypalClientId', 'paypalClientSecret', 'paypalWebhookId'],
  crypto: ['btcpayUrl', 'btcpayStoreId', 'btcpayApiKey', 'btcpayWebhookSecret'],
  sandbox: [],
};

function checkPayments(config: GivenConfig, names: Names): string[] {
  const problems = config.paymentProviders.flatMap((provider) =>
    providerSettings[provider]
      .filter((key) => !config[key] || knownSecrets.test(String(config[key])))
      .map((key) => {
        const { name, description } = names[key];
        return `PAYMENT_PROVIDERS includes ${provider}, which requires ${name} (${description}): set it, or remove ${provider}.`;
      }),
  );
  if (config.isProduction && config.paymentProviders.includes('sandbox'))
    problems.push('PAYMENT_PROVIDERS includes sandbox, which takes no money: remove it in production.');
  return problems;
}

const EMAIL = /^[^@\s<>]+@[^@\s<>]+$/;
const PHONE = /^\+?[\d ()./-]{3,40}$/;

/** Checks what is published to front ends. */
function checkPublished(config: GivenConfig): string[] {
  const { stripePublishableKey, supportEmail, supportPhone, supportWhatsapp } = config;
  const problems: string[] = [];
  // A secret key in this place would be shown to everybody.
  if (stripePublishableKey !== undefined && !stripePublishableKey.startsWith('pk_'))
    problems.push(
      'STRIPE_PUBLISHABLE_KEY must be the publishable key, which starts with pk_: it is shown to everybody.',
    );
  if (supportEmail !== undefined && !EMAIL.test(supportEmail))
    problems.push('SUPPORT_EMAIL must be one address, such as support@example.com.');
  if (supportPhone !== undefined && !PHONE.test(supportPhone))
    problems.push('SUPPORT_PHONE must be a phone number, such as +43 1 234567.');
  if (supportWhatsapp !== undefined && toE164(supportWhatsapp) === undefined)
    problems.push('SUPPORT_WHATSAPP must be a number with its country code, such as +43 660 1234567.');
  return problems;
}

function checkStorage({ storageDriver, s3Bucket, s3AccessKeyId, s3SecretAccessKey }: GivenConfig): string[] {
  const problems: string[] = [];
  if (storageDriver === 's3' && !s3Bucket)
    problems.push('STORAGE_DRIVER is s3, which requires S3_BUCKET: set it, or use the local driver.');
  if (!s3AccessKeyId !== !s3SecretAccessKey)
    problems.push('S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY belong together: set both or neither.');
  return problems;
}

const twilioSettings = ['twilioAccountSid', 'twilioAuthToken', 'twilioFrom'] as const;

function checkSms(config: GivenConfig, names: Names): string[] {
  const missing = twilioSettings.filter((key) => !config[key]);
  if (missing.length === 0 || missing.length === twilioSettings.length) return [];
  return missing.map((key) => `${names[key].name} is missing: Twilio requires it (${names[key].description}).`);
}

const MAX_HOPS = 10;
/** Networks of more addresses than that are not one's own; the largest private ones are 10.0.0.0/8 and fc00::/7. */
const MIN_PREFIX = { 4: 8, 6: 7 };
const MAPPED_PREFIX = 96;

const NAMED_NETWORKS = new Set(['loopback', 'linklocal', 'uniquelocal']);

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return NAMED_NETWORKS.has(text);
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

/** True for networks that hold most of the internet, such as 0.0.0.0/0, both halves of it, or ::ffff:0:0/96. */
function isTooWide(network: string): boolean {
  const [address = '', prefix] = network.split('/');
  if (prefix === undefined) return false;
  if (isIP(address) === 4) return Number(prefix) < MIN_PREFIX[4];
  const isMapped = /^(0*:)*(:|0*:)ffff:/i.test(address);
  return Number(prefix) < MIN_PREFIX[6] || (isMapped && Number(prefix) < MAPPED_PREFIX + MIN_PREFIX[4]);
}

function checkProxies({ trustProxy, isProduction }: GivenConfig): string[] {
  const advice = 'set the number of proxies in front (TRUST_PROXY=1), or their addresses.';
  if (trustProxy === 'false') return [];
  if (/^\d{1,2}$/.test(trustProxy) && Number(trustProxy) <= MAX_HOPS) return [];
  const networks = trustProxy.split(',').map((part) => part.trim());
  const trustsAll =
    /^(true|\d+)$/.test(trustProxy) || networks.some((network) => isNetwork(network) && isTooWide(network));
  if (trustsAll && isProduction)
    return [`TRUST_PROXY=${trustProxy} trusts any address that a client makes up: ${advice}`];
  return trustsAll || networks.every(isNetwork) ? [] : [`TRUST_PROXY must be false, a number or addresses: ${advice}`];
}

/** An address that paths can be appended to. */
function isBaseAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:\/\//.test(text) && !/[?#@*]/.test(text);
}

/** True for an origin such as https://tickets.example.com, without path or wildcard. */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, origin, pathname, search, hash } = new URL(text);
  const isWeb = /^https?:$/.test(protocol) && origin !== 'null' && !origin.includes('*');
  return isWeb && pathname === '/' && search === '' && hash === '';
}

function checkAddresses({ frontendUrl, publicUrl }: GivenConfig): string[] {
  const problems: string[] = [];
  if (frontendUrl !== undefined && !frontendUrl.split(',').every((origin) => isOrigin(origin.trim())))
    problems.push(
      'FRONTEND_URL must be origins such as https://tickets.example.com, separated by commas, without paths or *.',
    );
  if (publicUrl !== undefined && !isBaseAddress(publicUrl))
    problems.push('PUBLIC_URL must be an address such as https://api.example.com, without a query or user name.');
  return problems;
}

/** An address, alone or in angle brackets after a name. */
// eslint-disable-next-line no-control-regex
const SENDER = /^(?:[^\x00-\x1f<>]*<\s*[^@\s<>,;]+@[^@\s<>,;]+\s*>|[^@\s<>,;]+@[^@\s<>,;]+)$/;

function checkMail({ mailDriver, smtpUrl, mailFrom }: GivenConfig): string[] {
  const problems: string[] = [];
  if (mailDriver === 'smtp' && !smtpUrl)
    problems.push('MAIL_DRIVER is smtp, which requires SMTP_URL: set it, or remove MAIL_DRIVER.');
  if (smtpUrl && new URL(smtpUrl).hostname === '')
    problems.push('SMTP_URL names no mail server: set it to smtp://user:password@host:port.');
  if (!SENDER.test(mailFrom.trim()))
    problems.push('MAIL_FROM must be one address, such as Tickets <tickets@example.com>.');
  return problems;
}

function checkTokens({ jwtExpiresIn, isProduction }: GivenConfig): string[] {
  if (!isProduction || toSeconds(jwtExpiresIn) <= MAX_ACCESS_TOKEN_SECONDS) return [];
  return [
    `JWT_EXPIRES_IN=${jwtExpiresIn} keeps a stolen token valid for that long: set it to an hour or less (JWT_EXPIRES_IN=1h); clients renew tokens by themselves.`,
  ];
}

function checkAdmin({ adminEmail, adminPassword }: GivenConfig): string[] {
  if (!adminEmail !== !adminPassword) return ['ADMIN_EMAIL and ADMIN_PASSWORD belong together: set both or neither.'];
  if (!adminEmail || !adminPassword) return [];
  const problems: string[] = [];
  if (!/^[^@\s]+@[^@\s]+$/.test(adminEmail)) problems.push('ADMIN_EMAIL must be an email address.');
  const weakness = findPasswordProblem(adminPassword);
  if (weakness) problems.push(`ADMIN_PASSWORD ${weakness}.`);
  return problems;
}

/** Returns problems of settings that are valid by themselves. `names` maps keys to variables and descriptions. */
export function findConfigProblems(config: GivenConfig, names: Names): string[] {
  return [
    ...checkSecret(config),
    ...checkSharedSecrets(config, names),
    ...checkPayments(config, names),
    ...checkPublished(config),
    ...checkStorage(config),
    ...checkSms(config, names),
    ...checkProxies(config),
    ...checkAddresses(config),
    ...checkMail(config),
    ...checkTokens(config),
    ...checkAdmin(config),
  ];
}

/** Returns problems that keep a server or worker from starting in production. Commands can run despite them. */
export function findStartProblems(config: GivenConfig): string[] {
  if (!config.isProduction) return [];
  const problems: string[] = [];
  if (!config.databaseUrl) problems.push('DATABASE_URL is required in production.');
  if (!config.jwtSecret)
    problems.push('JWT_SECRET is required in production: generate one with `openssl rand -base64 48`.');
  // Otherwise all mail would go to a folder and count as sent.
  if (config.mailDriver === undefined && !config.smtpUrl)
    problems.push(
      'SMTP_URL is required in production; alternatively, MAIL_DRIVER=local stores mail in DATA_DIR without sending it.',
    );
  if (!config.publicUrl)
    problems.push('PUBLIC_URL is required in production: the URL at which people and clients reach this program.');
  if (config.bcryptCost < MIN_BCRYPT_COST)
    problems.push(`BCRYPT_COST must be at least ${MIN_BCRYPT_COST} in production.`);
  if (config.seedDemo)
    problems.push('SEED_DEMO creates accounts with publicly known passwords: remove it in production.');
  return problems;
}
