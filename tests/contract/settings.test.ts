import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'dotenv';
import { readConfig, settings } from '../../src/config';

const text = readFileSync(path.join(__dirname, '..', '..', '.env.example'), 'utf8');
const uncommented = text.replaceAll(/^#([A-Z0-9_]+=)/gm, '$1');
const examples = parse(uncommented);
const table = Object.values(settings);

/** Returns the comment directly above a name. */
function descriptionOf(name: string): string | undefined {
  return new RegExp(`^# (.*)\\n(?:# Instead: .*\\n)?#${name}=`, 'm').exec(text)?.[1];
}

describe('.env.example', () => {
  it('names every setting and nothing else, in the order of the table', () => {
    expect(Object.keys(examples)).toEqual(table.map(({ name }) => name));
  });

  it('sets nothing, because every line is a comment', () => {
    expect(parse(text)).toEqual({});
  });

  it.each(table.map((setting) => [setting.name, setting] as const))(
    'says what %s means, and its default',
    (name, setting) => {
      expect(descriptionOf(name)).toBe(setting.description);
      const { value: byDefault } = setting.schema.validate(undefined);
      const { value: shown, error } = setting.schema.validate(examples[name]);
      expect(error).toBeUndefined();
      if (byDefault !== undefined) expect(shown).toEqual(byDefault);
    },
  );

  it.each([
    [
      { DB_HOST: 'db', DB_PORT: '5433', DB_USER: 'ada', DB_PASSWORD: 'p@ss', DB_NAME: 'shows' },
      'databaseUrl',
      'postgres://ada:p%40ss@db:5433/shows',
    ],
    [{ REDIS_HOST: 'cache', REDIS_PASSWORD: 'secret' }, 'redisUrl', 'redis://:secret@cache:6379'],
    [{ SMTP_HOST: 'mail', SMTP_USER: 'ada', SMTP_PASSWORD: 'secret' }, 'smtpUrl', 'smtp://ada:secret@mail:587'],
  ] as const)('documents that %o replaces a URL', (parts, key, url) => {
    expect(readConfig(parts)[key]).toBe(url);
    for (const name of Object.keys(parts)) expect(text).toMatch(new RegExp(`^# Instead: .*\\b${name}\\b`, 'm'));
  });
});

describe('storage settings', () => {
  it.each([
    [
      's3 without a bucket',
      { STORAGE_DRIVER: 's3' },
      /STORAGE_DRIVER is s3, which requires S3_BUCKET: set it, or use the local/,
    ],
    [
      'only half of a key pair',
      { S3_ACCESS_KEY_ID: 'id' },
      /S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY belong together/,
    ],
    ['an unknown driver', { STORAGE_DRIVER: 'ftp' }, /STORAGE_DRIVER must be one of .*local, s3/],
    ['an invalid URL', { S3_ENDPOINT: 'localhost' }, /S3_ENDPOINT must be a valid uri/],
  ])('refuse to start with %s', (_what, environment, sentence) => {
    expect(() => readConfig(environment)).toThrow(sentence);
  });
});

describe('payment providers', () => {
  const production = {
    NODE_ENV: 'production',
    DATABASE_URL: 'postgres://db/bilten',
    JWT_SECRET: 'ohk9Eephah2oht1ooCheemai6iem4aeWae8eipho',
  };
  const stripe = {
    PAYMENT_PROVIDERS: 'stripe',
    STRIPE_SECRET_KEY: 'sk_live_1',
    STRIPE_WEBHOOK_SECRET: 'whsec_9fB2kQ7xLm4Vt8Zp1Rw6',
  };

  it('default to the sandbox, and to none in production', () => {
    expect(readConfig({}).paymentProviders).toEqual(['sandbox']);
    expect(readConfig(production).paymentProviders).toEqual([]);
  });

  it('are those in the list, without duplicates', () => {
    expect(readConfig({ ...stripe, PAYMENT_PROVIDERS: 'sandbox, stripe,sandbox' }).paymentProviders).toEqual([
      'sandbox',
      'stripe',
    ]);
    expect(readConfig({ ...production, ...stripe }).paymentProviders).toEqual(['stripe']);
  });

  it.each([
    ['an unknown provider', { PAYMENT_PROVIDERS: 'stripe,cash' }, /list of: stripe, paypal, crypto, sandbox/],
    [
      'a provider without its settings',
      { ...stripe, STRIPE_WEBHOOK_SECRET: '' },
      /PAYMENT_PROVIDERS includes stripe, which requires STRIPE_WEBHOOK_SECRET .*set it, or remove stripe/,
    ],
    ['a well-known secret', { ...stripe, STRIPE_WEBHOOK_SECRET: 'changeme' }, /requires STRIPE_WEBHOOK_SECRET/],
    [
      'PayPal without its settings',
      { PAYMENT_PROVIDERS: 'paypal' },
      /requires PAYPAL_CLIENT_ID [^]*requires PAYPAL_CLIENT_SECRET [^]*requires PAYPAL_WEBHOOK_ID/,
    ],
    [
      'crypto without its settings',
      { PAYMENT_PROVIDERS: 'crypto' },
      /requires BTCPAY_URL [^]*requires BTCPAY_STORE_ID [^]*requires BTCPAY_API_KEY [^]*requires BTCPAY_WEBHOOK_SECRET/,
    ],
    ['the sandbox in production', { ...production, PAYMENT_PROVIDERS: 'sandbox' }, /takes no money/],
    ['an invalid URL', { STRIPE_API_BASE: 'localhost' }, /STRIPE_API_BASE must be a valid uri/],
  ])('refuse to start with %s', (_what, environment, sentence) => {
    expect(() => readConfig(environment)).toThrow(sentence);
  });
});
