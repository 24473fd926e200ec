import { config as readEnvFile } from 'dotenv';
import { toSeconds } from '../lib/duration';
import { findConfigProblems, findStartProblems } from './problems';
import type { Setting } from './setting';
import { describeUnknownNames, readAliases } from './setting-names';
import { settings, type PaymentProviderName } from './settings';
import { urlFromParts, type Environment } from './url-from-parts';
import { listConfigWarnings } from './warnings';

export { settings, type PaymentProviderName } from './settings';

export type SettingKey = keyof typeof settings;

type SettingValues = { [K in SettingKey]: (typeof settings)[K] extends Setting<infer T> ? T : never };

/** Settings whose default depends on NODE_ENV. */
interface EnvironmentDefaults {
  isProduction: boolean;
  requireVerifiedEmail: boolean;
  devTools: boolean;
  paymentProviders: PaymentProviderName[];
}

/** Settings with defaults that depend on NODE_ENV, before they are checked against each other. */
export type GivenConfig = Omit<SettingValues, keyof EnvironmentDefaults> & EnvironmentDefaults;

/** Settings whose default depends on other settings, and values derived from settings. */
interface DerivedConfig {
  holdPauseMinutes: number;
  waitlistFirstOfferMinutes: number;
  mailDriver: 'smtp' | 'local';
  publicUrl: string;
  accessTokenSeconds: number;
  refreshTokenSeconds: number;
  /** The origins in FRONTEND_URL; links use the first. Empty if links lead to the pages of this program. */
  frontendOrigins: string[];
}

export type Config = Omit<GivenConfig, keyof DerivedConfig> &
  DerivedConfig & {
    /** Reasons why a server or worker cannot start, one sentence each. */
    startProblems: string[];
    /** Warnings to log at startup about suspicious settings and unknown names, one line each. */
    warnings: string[];
  };

function createConfigError(problems: string[]): Error {
  return new Error(`The configuration is invalid:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
}

/** Validates each setting by itself. */
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

function applyEnvironmentDefaults(values: SettingValues): GivenConfig {
  const isProduction = values.nodeEnv === 'production';
  return {
    ...values,
    isProduction,
    requireVerifiedEmail: values.requireVerifiedEmail ?? isProduction,
    devTools: values.devTools ?? false,
    paymentProviders: values.paymentProviders ?? (isProduction ? [] : ['sandbox']),
  };
}

function derive(given: GivenConfig): GivenConfig & DerivedConfig {
  const { isProduction, waitlistOfferMinutes } = given;
  return {
    ...given,
    // Trying out the program should not expose it to the network.
    host: given.host ?? (isProduction ? undefined : '127.0.0.1'),
    holdPauseMinutes: given.holdPauseMinutes ?? (isProduction ? 1 : 0),
    waitlistFirstOfferMinutes:
      given.waitlistFirstOfferMinutes ?? (isProduction ? Math.min(60, waitlistOfferMinutes) : waitlistOfferMinutes),
    mailDriver: given.mailDriver ?? (given.smtpUrl ? 'smtp' : 'local'),
    accessTokenSeconds: toSeconds(given.jwtExpiresIn),
    refreshTokenSeconds: toSeconds(given.jwtRefreshExpiresIn),
    frontendOrigins: (given.frontendUrl ?? '')
      .split(',')
      .map((origin) => origin.trim().replace(/\/+$/, ''))
      .filter(Boolean),
    publicUrl: given.publicUrl ?? `http://localhost:${given.port}`,
  };
}

/**
 * Reads and validates all settings. `fromFile` has the names in the `.env` file.
 * @throws Error with one sentence per wrong setting
 */
export function readConfig(environment: Environment, { fromFile = [] as string[] } = {}): Config {
  const { env, notes, problems: clashes } = readAliases(environment);
  const { values, problems } = readValues({
    ...env,
    DATABASE_URL: env.DATABASE_URL || urlFromParts(env, 'DB', { scheme: 'postgres', port: 5432 }),
    REDIS_URL: env.REDIS_URL || urlFromParts(env, 'REDIS', { scheme: 'redis', port: 6379 }),
    SMTP_URL:
      env.SMTP_URL ||
      urlFromParts(
        env,
        'SMTP',
        env.SMTP_SECURE === 'true' ? { scheme: 'smtps', port: 465 } : { scheme: 'smtp', port: 587 },
      ),
  });
  problems.unshift(...clashes);
  const given = applyEnvironmentDefaults(values);
  if (problems.length === 0) problems.push(...findConfigProblems(given, settings));
  if (problems.length > 0) throw createConfigError(problems);
  const known = Object.values(settings).map(({ name }) => name);
  const config = { ...derive(given), startProblems: findStartProblems(given) };
  const warnings = [...listConfigWarnings(config), ...notes, ...describeUnknownNames(environment, { known, fromFile })];
  return { ...config, warnings };
}

/** Checks the settings that servers and workers need, but commands do not. @throws Error with one sentence per missing setting */
export function assertStartable(): void {
  if (config.startProblems.length > 0) throw createConfigError(config.startProblems);
}

const envFile = readEnvFile({ path: process.env.DOTENV_CONFIG_PATH || '.env', quiet: true });
export const namesInEnvFile = Object.keys(envFile.parsed ?? {});
export const config = readConfig(process.env, { fromFile: namesInEnvFile });
