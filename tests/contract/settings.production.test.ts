import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readConfig, settings } from '../../src/config';
import { ALIASES } from '../../src/config/aliases';
import { PARTS } from '../../src/config/setting-names';

// Settings that production refuses or warns about, and names of settings that Bilten does not have.

const operations = readFileSync(path.join(__dirname, '..', '..', 'docs', 'operations.md'), 'utf8');

const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://bilten:Kx83hdQz@db/bilten',
  JWT_SECRET: 'ohk9Eephah2oht1ooCheemai6iem4aeWae8eipho',
  SMTP_URL: 'smtp://mail:587',
  MAIL_FROM: 'Tickets <tickets@stage.org>',
  PUBLIC_URL: 'https://api.stage.org',
  FRONTEND_URL: 'https://stage.org',
};
const stripe = {
  PAYMENT_PROVIDERS: 'stripe',
  STRIPE_SECRET_KEY: 'sk_live_51Hx8',
  STRIPE_WEBHOOK_SECRET: 'whsec_9fB2kQ7xLm4Vt8Zp1Rw6',
};

/** Returns the message with which a process refuses to start. */
function refusalOf(environment: Record<string, string>): string {
  try {
    return readConfig({ ...production, ...environment }).startProblems.join('\n');
  } catch (error) {
    return (error as Error).message;
  }
}
const warningsOf = (environment: Record<string, string>, fromFile: string[] = []): string[] =>
  readConfig({ ...production, ...environment }, { fromFile }).warnings;

describe('production', () => {
  it('starts without warnings when the required settings are set', () => {
    expect(refusalOf({})).toBe('');
    expect(warningsOf({})).toEqual([]);
    expect(warningsOf(stripe)).toEqual([]);
  });

  it.each([
    ['DATABASE_URL', /DATABASE_URL is required/],
    ['JWT_SECRET', /JWT_SECRET is required/],
    ['SMTP_URL', /SMTP_URL is required .*MAIL_DRIVER=local/],
    ['PUBLIC_URL', /PUBLIC_URL is required/],
  ])('does not start without %s', (name, sentence) => {
    expect(refusalOf({ [name]: '' })).toMatch(sentence);
  });

  it('leads links to its own pages without a front end', () => {
    expect(refusalOf({ FRONTEND_URL: '' })).toBe('');
    expect(warningsOf({ FRONTEND_URL: '' })).toEqual([]);
    expect(readConfig({ ...production, FRONTEND_URL: '' }).frontendOrigins).toEqual([]);
  });

  it('starts without a mail server if the settings say so explicitly', () => {
    expect(refusalOf({ SMTP_URL: '', MAIL_DRIVER: 'local' })).toBe('');
    expect(readConfig({ ...production, SMTP_URL: '', MAIL_DRIVER: 'local' }).mailDriver).toBe('local');
    expect(refusalOf({ SMTP_URL: '', MAIL_DRIVER: 'smtp' })).toMatch(/MAIL_DRIVER is smtp, which requires SMTP_URL/);
  });

  it.each([
    ['one letter', 'a'.repeat(36)],
    ['two letters', 'ab'.repeat(20)],
    ['a sequence', 'abcdefghijklmnopqrstuvwxyz0123456789'],
    ['a row of the keyboard', 'qwertyuiopasdfghjklzxcvbnm1234567890'],
    ['a repeated block', 'xX9!'.repeat(10)],
    ['a known phrase', 'supersecret-9f8a7b6c5d4e3f2a1b0c-key'],
    ['a known phrase in disguise', 'zq8-S3cr3T-7Yv2Wn5Kb9Xm4Lt6Rp1Hd3Fg'],
    ['a known phrase with separators', 'zq8-c-h-a-n-g-e-m-e-7Yv2Wn5Kb9Xm4Lt6Rp'],
    ['a phrase from an example', 'choose-a-long-one-choose-a-long-one-2'],
    ['the name of the program', 'bilten-Wn5Kb9Xm4Lt6Rp1Hd3Fg8Js2Vc7Zq'],
    ['the name of its purpose', 'jwt-key-Wn5Kb9Xm4Lt6Rp1Hd3Fg8Js2Vc7Zq'],
    ['the name of its environment', 'zq8-production-7Yv2Wn5Kb9Xm4Lt6Rp1Hd3Fg'],
    ['a default', 'your-256-bit-secret-your-256-bit-secret'],
    ['a date', '2030-01-01T00:00:00Z2030-01-01T00:00:00Z'],
    ['little', 'Wn5Kb9Xm4Lt6Rp1Hd'],
  ])('refuses a JWT_SECRET of %s', (_what, JWT_SECRET) => {
    expect(refusalOf({ JWT_SECRET })).toMatch(/JWT_SECRET/);
    expect(refusalOf({ JWT_SECRET })).not.toContain(JWT_SECRET);
  });

  it('accepts random secrets in any notation', () => {
    for (let i = 0; i < 5; i += 1) {
      const bytes = randomBytes(48);
      for (const JWT_SECRET of [bytes.toString('base64'), bytes.toString('hex'), bytes.toString('hex').slice(0, 32)])
        expect(refusalOf({ JWT_SECRET })).toBe('');
    }
  });

  it.each([
    ['TRUST_PROXY', 'true', /TRUST_PROXY=true trusts/],
    ['TRUST_PROXY', '0.0.0.0/0', /TRUST_PROXY=0.0.0.0\/0 trusts/],
    ['TRUST_PROXY', '10.0.0.1, ::/0', /TRUST_PROXY=.* trusts/],
    ['TRUST_PROXY', '0.0.0.0/1, 128.0.0.0/1', /TRUST_PROXY=.* trusts/],
    ['TRUST_PROXY', '::ffff:0:0/96', /TRUST_PROXY=.* trusts/],
    ['TRUST_PROXY', '2000::/3', /TRUST_PROXY=.* trusts/],
    ['TRUST_PROXY', '99', /TRUST_PROXY=99 trusts/],
    ['TRUST_PROXY', 'yes', /TRUST_PROXY must be false, a number or addresses/],
    ['TRUST_PROXY', '10.0.0.300', /TRUST_PROXY must be/],
    ['JWT_EXPIRES_IN', '3650d', /JWT_EXPIRES_IN=3650d keeps a stolen token valid/],
    ['JWT_EXPIRES_IN', '0', /JWT_EXPIRES_IN must be a duration/],
    ['BCRYPT_COST', '4', /BCRYPT_COST must be at least 10/],
    ['SEED_DEMO', 'true', /SEED_DEMO/],
    ['FRONTEND_URL', '*', /FRONTEND_URL must be origins/],
    ['FRONTEND_URL', 'https://stage.org/app', /FRONTEND_URL must be origins/],
    ['FRONTEND_URL', 'https://*.stage.org', /FRONTEND_URL must be origins/],
    ['FRONTEND_URL', 'stage.org', /FRONTEND_URL must be origins/],
    ['PUBLIC_URL', 'api.stage.org', /PUBLIC_URL must be an address/],
    ['PUBLIC_URL', 'https://api.stage.org/?from=mail', /PUBLIC_URL must be an address/],
    ['PUBLIC_URL', 'https://api.stage.org/#', /PUBLIC_URL must be an address/],
    ['DATABASE_URL', 'postgres://bilten:p%zz@db/bilten', /DATABASE_URL must be .* percent-encoded/],
    ['DATABASE_OWNER_URL', 'postgres://bilten:p%@db/bilten', /DATABASE_OWNER_URL must be .* percent-encoded/],
    ['REDIS_URL', 'redis://:p%@cache', /REDIS_URL must be .* percent-encoded/],
    ['SMTP_URL', 'smtp://me:100%@mail', /SMTP_URL must be .* percent-encoded/],
    ['SMTP_URL', 'smtp://', /SMTP_URL names no mail server/],
    ['MAIL_FROM', 'the box office', /MAIL_FROM must be one address/],
    ['MAIL_FROM', 'a@stage.org, b@stage.org', /MAIL_FROM must be one address/],
    ['MAIL_FROM', 'Tickets\r\nBcc: x@stage.org <a@stage.org>', /MAIL_FROM must be one address/],
    ['HOLD_MINUTES', '1e12', /HOLD_MINUTES must be less than or equal to/],
    ['HOLD_PAUSE_MINUTES', '1e12', /HOLD_PAUSE_MINUTES must be less than or equal to/],
    ['WAITLIST_OFFER_MINUTES', '1e12', /WAITLIST_OFFER_MINUTES must be less than or equal to/],
    ['WAITLIST_FIRST_OFFER_MINUTES', '1e12', /WAITLIST_FIRST_OFFER_MINUTES must be less than or equal to/],
    ['CANCELLATION_WINDOW_HOURS', '1e12', /CANCELLATION_WINDOW_HOURS must be less than or equal to/],
    ['NODE_ENV', 'PRODUCTION', /NODE_ENV must be one of \[development, production, test\]/],
    ['DATABASE_URL', 'mysql://db/bilten', /DATABASE_URL must be an address such as postgres:/],
    ['REDIS_URL', 'localhost:6379', /REDIS_URL must be an address such as redis:/],
    ['SMTP_URL', 'mail.stage.org', /SMTP_URL must be an address such as smtp:/],
    ['METRICS_TOKEN', 'x', /METRICS_TOKEN is too easy to guess/],
    ['METRICS_TOKEN', 'choose-a-long-one', /METRICS_TOKEN is too easy to guess/],
    ['BTCPAY_WEBHOOK_SECRET', 'a', /BTCPAY_WEBHOOK_SECRET is too easy to guess/],
    ['STRIPE_WEBHOOK_SECRET', 'whsec_9fB2kQ7xLm4Vt8Zp1Rw6,x', /STRIPE_WEBHOOK_SECRET is too easy to guess/],
    ['ADMIN_EMAIL', 'boss@stage.org', /ADMIN_EMAIL and ADMIN_PASSWORD belong together/],
    ['ADMIN_PASSWORD', 'a long enough pass phrase', /ADMIN_EMAIL and ADMIN_PASSWORD belong together/],
  ])('refuses %s=%s', (name, value, sentence) => {
    expect(refusalOf({ [name]: value })).toMatch(sentence);
  });

  it('refuses a first admin with a weak password', () => {
    const admin = { ADMIN_EMAIL: 'boss@stage.org', ADMIN_PASSWORD: 'password123' };
    expect(refusalOf(admin)).toMatch(/ADMIN_PASSWORD is one of the most common passwords/);
  });

  it.each([
    ['RATE_LIMIT_MAX_REQUESTS', '0', /RATE_LIMIT_MAX_REQUESTS=0 turns off all limits/],
    ['RATE_LIMIT_SIGN_IN', '0', /RATE_LIMIT_SIGN_IN=0 turns off this limit/],
    ['FRONTEND_URL', 'http://localhost:3000', /FRONTEND_URL is on this machine/],
    ['FRONTEND_URL', 'http://127.0.0.1:3000', /FRONTEND_URL is on this machine/],
    ['FRONTEND_URL', 'http://stage.org', /FRONTEND_URL is not https/],
    ['PUBLIC_URL', 'http://[::1]:4000', /PUBLIC_URL is on this machine/],
    ['JWT_EXPIRES_IN', '7d', /JWT_EXPIRES_IN=7d/],
    ['JWT_REFRESH_EXPIRES_IN', '365d', /JWT_REFRESH_EXPIRES_IN=365d has no effect beyond 30 days/],
    ['BCRYPT_COST', '16', /BCRYPT_COST=16/],
    ['DEV_TOOLS', 'true', /DEV_TOOLS has no effect/],
    ['REQUIRE_VERIFIED_EMAIL', 'false', /REQUIRE_VERIFIED_EMAIL=false/],
    ['DATABASE_URL', 'postgres://postgres:postgres@db/bilten', /DATABASE_URL has a well-known password/],
    ['MAIL_FROM', 'Bilten <tickets@bilten.example>', /MAIL_FROM is/],
    ['MAIL_DRIVER', 'local', /MAIL_DRIVER=local overrides SMTP_URL/],
    ['LOG_LEVEL', 'silent', /LOG_LEVEL=silent/],
  ])('warns about %s=%s in one line', (name, value, sentence) => {
    const warnings = warningsOf({ [name]: value });
    expect(warnings).toEqual([expect.stringMatching(sentence)]);
    expect(warnings[0]).not.toContain('\n');
  });

  it('warns if payments take no real money', () => {
    expect(warningsOf({ ...stripe, STRIPE_SECRET_KEY: 'sk_test_51Hx8' })).toEqual([
      expect.stringMatching(/STRIPE_SECRET_KEY is a test key/),
    ]);
  });
});

describe('outside production', () => {
  it('accepts settings that production refuses', () => {
    const config = readConfig({
      TRUST_PROXY: 'true',
      RATE_LIMIT_MAX_REQUESTS: '0',
      FRONTEND_URL: 'http://localhost:5173',
    });
    expect([config.startProblems, config.warnings]).toEqual([[], []]);
    expect([config.mailDriver, config.frontendOrigins]).toEqual(['local', ['http://localhost:5173']]);
  });

  it('warns that DEV_TOOLS shows mail to everybody', () => {
    expect(readConfig({ DEV_TOOLS: 'true' }).warnings).toEqual([expect.stringMatching(/DEV_TOOLS shows all mail/)]);
  });
});

describe('setting names of other programs', () => {
  it.each([
    [{ SMTP_HOST: 'mail', SMTP_USER: 'ada', SMTP_PASS: 'p' }, 'smtpUrl', 'smtp://ada:p@mail:587', 'SMTP_PASSWORD'],
    [{ EMAIL_HOST: 'mail', EMAIL_PORT: '25' }, 'smtpUrl', 'smtp://mail:25', 'SMTP_HOST'],
    [{ JWT_EXPIRE: '30m' }, 'jwtExpiresIn', '30m', 'JWT_EXPIRES_IN'],
    [{ JWT_REFRESH_EXPIRE: '3d' }, 'jwtRefreshExpiresIn', '3d', 'JWT_REFRESH_EXPIRES_IN'],
    [{ RATE_LIMIT_WINDOW: '15' }, 'rateLimitWindowMs', 900_000, 'RATE_LIMIT_WINDOW_MS'],
    [{ RATE_LIMIT_WINDOW: '60000' }, 'rateLimitWindowMs', 60_000, 'RATE_LIMIT_WINDOW_MS'],
    [{ RATE_LIMIT_MAX: '50' }, 'rateLimitMaxRequests', 50, 'RATE_LIMIT_MAX_REQUESTS'],
    [{ BCRYPT_ROUNDS: '11' }, 'bcryptCost', 11, 'BCRYPT_COST'],
    [
      { DB_HOST: 'db', DB_USERNAME: 'ada', DB_PASS: 'p', DB_DATABASE: 'x' },
      'databaseUrl',
      'postgres://ada:p@db:5432/x',
      'DB_USER',
    ],
    [{ CLIENT_URL: 'https://stage.org' }, 'frontendUrl', 'https://stage.org', 'FRONTEND_URL'],
  ] as const)('are read: %o', (environment, key, value, name) => {
    const config = readConfig(environment, { fromFile: Object.keys(environment) });
    expect(config[key]).toBe(value);
    expect(config.warnings.join('\n')).toMatch(new RegExp(`is read as ${name}: rename it`));
    expect(config.warnings.join('\n')).not.toMatch(/nothing reads/);
  });

  it.each([...ALIASES.keys()])('name what %s is, and operations.md lists it', (alias) => {
    const { name } = ALIASES.get(alias)!;
    const known = [...Object.values(settings).map((setting) => setting.name), ...PARTS];
    expect(known).toContain(name);
    expect(known).not.toContain(alias);
    expect(operations).toMatch(new RegExp(`^\\| \`${name}\` .*\`${alias}\``, 'm'));
  });

  it.each([
    [{ PAYPAL_MODE: 'sandbox' }, 'paypalBaseUrl', 'https://api-m.sandbox.paypal.com'],
    [{ PAYPAL_MODE: 'live' }, 'paypalBaseUrl', 'https://api-m.paypal.com'],
    [{ REDIS_HOST: 'cache', REDIS_DB: '2' }, 'redisUrl', 'redis://cache:6379/2'],
    [{ MAIL_HOST: 'mail', SMTP_SECURE: 'true' }, 'smtpUrl', 'smtps://mail:465'],
    [{ EMAIL_HOST: 'mail', EMAIL_PORT: '2465', EMAIL_SECURE: 'true' }, 'smtpUrl', 'smtps://mail:2465'],
    [{ SMTP_HOST: 'mail', SMTP_SECURE: 'false' }, 'smtpUrl', 'smtp://mail:587'],
    [{ AWS_REGION: 'eu-central-1' }, 's3Region', 'eu-central-1'],
    // The machine may be in another region than the bucket.
    [{ AWS_REGION: 'eu-central-1', S3_REGION: 'eu-west-1' }, 's3Region', 'eu-west-1'],
  ] as const)('have their values converted: %o', (environment, key, value) => {
    expect(readConfig(environment)[key]).toBe(value);
  });

  it('say nothing beside ours with the same value', () => {
    const { jwtExpiresIn, warnings } = readConfig({ JWT_EXPIRE: '2h', JWT_EXPIRES_IN: '2h' });
    expect([jwtExpiresIn, warnings]).toEqual(['2h', []]);
    const window = { RATE_LIMIT_WINDOW: '15', RATE_LIMIT_WINDOW_MS: '900000' };
    expect(readConfig(window).warnings).toEqual([]);
  });

  it.each([
    [{ JWT_EXPIRE: '30m', JWT_EXPIRES_IN: '2h' }, 'JWT_EXPIRES_IN and JWT_EXPIRE'],
    [{ SMTP_PASS: 'one secret', EMAIL_PASS: 'another secret', SMTP_HOST: 'mail' }, 'SMTP_PASS and EMAIL_PASS'],
    [{ CORS_ORIGIN: 'https://a.org', FRONTEND_URL: 'https://b.org' }, 'FRONTEND_URL and CORS_ORIGIN'],
  ] as const)('stop the start if two names have different values, which are not shown: %o', (environment, names) => {
    const read = () => readConfig(environment);
    expect(read).toThrow(`${names} are the same setting with different values: remove one.`);
    for (const value of Object.values(environment)) expect(read).not.toThrow(value);
  });
});

describe('what is published to front ends', () => {
  it.each([
    [{ STRIPE_PUBLISHABLE_KEY: 'sk_live_1' }, /STRIPE_PUBLISHABLE_KEY must be the publishable key/],
    [{ SUPPORT_EMAIL: 'help' }, /SUPPORT_EMAIL must be one address/],
    [{ SUPPORT_PHONE: 'call us' }, /SUPPORT_PHONE must be a phone number/],
    [{ SUPPORT_WHATSAPP: '0660 1234567' }, /SUPPORT_WHATSAPP must be a number with its country code/],
  ])('is checked: %o', (environment, sentence) => {
    expect(() => readConfig(environment)).toThrow(sentence);
    const [name] = Object.keys(environment);
    const fine = {
      STRIPE_PUBLISHABLE_KEY: 'pk_live_1',
      SUPPORT_EMAIL: 'help@example.com',
      SUPPORT_PHONE: '+43 1 234567',
    };
    expect(() => readConfig({ ...fine, SUPPORT_WHATSAPP: '+43 660 1234567' })).not.toThrow(name);
  });
});

describe('unknown setting names', () => {
  const unread = (environment: Record<string, string>, fromFile = Object.keys(environment)) =>
    readConfig(environment, { fromFile }).warnings;

  it.each([
    ['JWT_EXPIRES_INN', 'JWT_EXPIRES_IN'],
    ['SMPT_URL', 'SMTP_URL'],
    ['HOLD_MINUTE', 'HOLD_MINUTES'],
    ['PAYMENT_PROVIDER', 'PAYMENT_PROVIDERS'],
    ['STRIPE_WEBHOOK_SECRETS', 'STRIPE_WEBHOOK_SECRET'],
  ])('are reported with the closest known name: %s', (name, nearest) => {
    expect(unread({ [name]: 'x' })).toEqual([`${name} is set, but nothing reads it. Did you mean ${nearest}?`]);
    expect(unread({ [name]: 'x' }, [])).toHaveLength(1);
  });

  it('are reported without a suggestion if no known name is close', () => {
    expect(unread({ ELASTICSEARCH_CLUSTER: 'x' })).toEqual(['ELASTICSEARCH_CLUSTER is set, but nothing reads it.']);
  });

  it('do not include environment variables of the machine', () => {
    const machine = {
      PATH: '/bin',
      HOME: '/root',
      HOSTNAME: 'web-1',
      SHELL: '/bin/sh',
      NODE_OPTIONS: '--max-old-space-size=512',
      PGHOST: 'db',
      AWS_REGION: 'eu-west-1',
      OTEL_TRACES_SAMPLER: 'always_on',
      REDIS_SERVICE_HOST: '10.0.0.1',
      REDIS_PORT_6379_TCP_ADDR: '10.0.0.1',
      npm_config_cache: '/tmp',
    };
    expect(unread(machine, [])).toEqual([]);
  });
});
