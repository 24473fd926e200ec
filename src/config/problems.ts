import { isIP } from 'node:net';
import type { GivenConfig, PaymentProviderName, SettingKey } from '.';
import { toSeconds } from '../lib/duration';
import { findPasswordProblem } from '../lib/passwords';
import { countGuessesLog10, findKnownPhrase } from './secret-strength';

// What makes the program refuse to start: a sentence each, with what to do.

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
  if (knownSecrets.test(jwtSecret)) return ['JWT_SECRET is a default that everybody knows: choose one of your own.'];
  if (jwtSecret.length < MIN_SECRET) return [`JWT_SECRET must have at least ${MIN_SECRET} characters.`];
  if (!isProduction) return [];
  const make = 'make one with `openssl rand -base64 48`.';
  const phrase = findKnownPhrase(jwtSecret);
  if (phrase) return [`JWT_SECRET contains a phrase that everybody knows ("${phrase}"): ${make}`];
  if (countGuessesLog10(jwtSecret) < MIN_SECRET_GUESSES_LOG10) return [`JWT_SECRET is too easy to guess: ${make}`];
  return [];
}

/** Secrets shared with others, which may have several values while they are changed. */
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
        `${names[key].name} is too easy to guess: use a random one of at least ${MIN_SHARED_SECRET} characters (${names[key].description}).`,
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
        return `PAYMENT_PROVIDERS names ${provider}, which needs ${name} (${description}): set it, or take ${provider} out.`;
      }),
  );
  if (config.isProduction && config.paymentProviders.includes('sandbox'))
    problems.push('PAYMENT_PROVIDERS names sandbox, which takes no money: take it out in production.');
  return problems;
}

function checkStorage({ storageDriver, s3Bucket, s3AccessKeyId, s3SecretAccessKey }: GivenConfig): string[] {
  const problems: string[] = [];
  if (storageDriver === 's3' && !s3Bucket)
    problems.push('STORAGE_DRIVER is s3, which needs S3_BUCKET: set it, or take the local driver.');
  if (!s3AccessKeyId !== !s3SecretAccessKey)
    problems.push('S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY come together: set both or neither.');
  return problems;
}

const twilioSettings = ['twilioAccountSid', 'twilioAuthToken', 'twilioFrom'] as const;

function checkSms(config: GivenConfig, names: Names): string[] {
  const missing = twilioSettings.filter((key) => !config[key]);
  if (missing.length === 0 || missing.length === twilioSettings.length) return [];
  return missing.map((key) => `${names[key].name} is missing: Twilio needs it (${names[key].description}).`);
}

const NAMED_NETWORKS = new Set(['loopback', 'linklocal', 'uniquelocal']);

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return NAMED_NETWORKS.has(text);
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

function checkProxies({ trustProxy, isProduction }: GivenConfig): string[] {
  const how = 'give the number of proxies in front (TRUST_PROXY=1), or their addresses.';
  if (/^(false|\d{1,2})$/.test(trustProxy)) return [];
  const networks = trustProxy.split(',').map((part) => part.trim());
  const trustsAll = trustProxy === 'true' || networks.some((network) => isNetwork(network) && network.endsWith('/0'));
  if (trustsAll && isProduction)
    return [`TRUST_PROXY=${trustProxy} believes whatever address a client makes up: ${how}`];
  return trustsAll || networks.every(isNetwork) ? [] : [`TRUST_PROXY must be false, a number or addresses: ${how}`];
}

/** An origin such as https://tickets.example.com, without path or wildcard. */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, origin, pathname, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && origin !== 'null' && pathname === '/' && search === '' && hash === '';
}

function checkAddresses({ frontendUrl, publicUrl }: GivenConfig): string[] {
  const problems: string[] = [];
  if (frontendUrl !== undefined && !frontendUrl.split(',').every((origin) => isOrigin(origin.trim())))
    problems.push(
      'FRONTEND_URL must be origins such as https://tickets.example.com, separated by commas, without paths or *.',
    );
  if (publicUrl !== undefined && !(URL.canParse(publicUrl) && /^https?:\/\//.test(publicUrl)))
    problems.push('PUBLIC_URL must be an address such as https://api.example.com.');
  return problems;
}

function checkMail({ mailDriver, smtpUrl }: GivenConfig): string[] {
  if (mailDriver !== 'smtp' || smtpUrl) return [];
  return ['MAIL_DRIVER is smtp, which needs SMTP_URL: set it, or take MAIL_DRIVER out.'];
}

function checkTokens({ jwtExpiresIn, isProduction }: GivenConfig): string[] {
  if (!isProduction || toSeconds(jwtExpiresIn) <= MAX_ACCESS_TOKEN_SECONDS) return [];
  return [
    `JWT_EXPIRES_IN=${jwtExpiresIn} lets a stolen token in for as long: set it to an hour or less (JWT_EXPIRES_IN=1h); clients renew it by themselves.`,
  ];
}

function checkAdmin({ adminEmail, adminPassword }: GivenConfig): string[] {
  if (!adminEmail !== !adminPassword) return ['ADMIN_EMAIL and ADMIN_PASSWORD come together: set both or neither.'];
  if (!adminEmail || !adminPassword) return [];
  const problems: string[] = [];
  if (!/^[^@\s]+@[^@\s]+$/.test(adminEmail)) problems.push('ADMIN_EMAIL must be an email address.');
  const weakness = findPasswordProblem(adminPassword);
  if (weakness) problems.push(`ADMIN_PASSWORD ${weakness}.`);
  return problems;
}

/** What is wrong with settings that are each well formed; `names` say how they are called. */
export function findConfigProblems(config: GivenConfig, names: Names): string[] {
  return [
    ...checkSecret(config),
    ...checkSharedSecrets(config, names),
    ...checkPayments(config, names),
    ...checkStorage(config),
    ...checkSms(config, names),
    ...checkProxies(config),
    ...checkAddresses(config),
    ...checkMail(config),
    ...checkTokens(config),
    ...checkAdmin(config),
  ];
}

/** What a process that serves or works in production lacks; a command of the terminal may do without. */
export function findStartProblems(config: GivenConfig): string[] {
  if (!config.isProduction) return [];
  const problems: string[] = [];
  if (!config.databaseUrl) problems.push('DATABASE_URL is required in production.');
  if (!config.jwtSecret) problems.push('JWT_SECRET is required in production: for example `openssl rand -base64 48`.');
  // Else every mail would go to a folder and count as sent, with links that lead nowhere.
  if (config.mailDriver === undefined && !config.smtpUrl)
    problems.push(
      'SMTP_URL is required in production; MAIL_DRIVER=local keeps mail in DATA_DIR, where nobody gets it.',
    );
  if (!config.publicUrl)
    problems.push('PUBLIC_URL is required in production: the address at which clients reach this API.');
  if (!config.frontendUrl)
    problems.push('FRONTEND_URL is required in production: the address of the front end, to which links in mail lead.');
  if (config.bcryptCost < MIN_BCRYPT_COST)
    problems.push(`BCRYPT_COST must be at least ${MIN_BCRYPT_COST} in production.`);
  if (config.seedDemo)
    problems.push('SEED_DEMO makes accounts whose passwords everybody knows: take it out in production.');
  return problems;
}
