import { setTimeout as sleep } from 'node:timers/promises';
import { config } from '../config';
import { logger } from '../logger';

const PAUSE_MS = 2000;

/** Says what was set although it is hardly meant, what nothing reads, and what is not set up. */
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
      `${suspended} accounts of the demo data had the password that everybody knows: they are suspended. Demo data does not belong into production.`,
    );
  const admin = await makeFirstAdmin({ isEmbedded: false });
  if (admin) logger.info(`${admin.email} is the first admin now.`);
  const powers = await describeRolePowers();
  if (powers) logger.warn(powers);
}

/**
 * In production: suspends demo accounts, makes the first admin of the settings, and says what the database's role should not be able to
 * do, as soon as the database can be used. Several processes may do it at once.
 */
export async function finishProductionStart(): Promise<void> {
  if (!config.isProduction) return;
  const { getHealth } = await import('../services/health.service.js');
  while ((await getHealth()).database !== 'up') await sleep(PAUSE_MS, undefined, { ref: false });
  await finish();
}
