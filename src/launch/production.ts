import { setTimeout as sleep } from 'node:timers/promises';
import { config } from '../config';
import { logger } from '../logger';

const PAUSE_MS = 2000;

/** Logs suspicious settings, unknown names and, in production, missing parts. */
export async function reportSettings(): Promise<void> {
  const { listMissingParts } = await import('../config/warnings.js');
  for (const line of config.warnings) logger.warn(line);
  if (config.isProduction) for (const { message } of listMissingParts(config)) logger.warn(message);
}

async function finish(): Promise<void> {
  const { suspendDemoAccounts } = await import('../services/users/demo-accounts.js');
  const { describeRolePowers } = await import('../services/system/describe-setup.js');
  const { makeFirstAdmin } = await import('./accounts.js');
  const suspended = await suspendDemoAccounts();
  if (suspended > 0)
    logger.warn(
      `${suspended} demo accounts had their publicly known password and have been suspended. Demo data does not belong in production.`,
    );
  const admin = await makeFirstAdmin({ isEmbedded: false });
  if (admin) logger.info(`${admin.email} is the first admin now.`);
  const powers = await describeRolePowers();
  if (powers) logger.warn(powers);
}

/**
 * In production, once the database is up: suspends demo accounts, creates the first admin from the settings, and warns of excessive
 * rights of the database role. Safe to run in several processes at once.
 */
export async function finishProductionStart(): Promise<void> {
  if (!config.isProduction) return;
  const { getHealth } = await import('../services/health.service.js');
  while ((await getHealth()).database !== 'up') await sleep(PAUSE_MS, undefined, { ref: false });
  await finish();
}
