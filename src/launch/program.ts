import { config, assertStartable } from '../config';
import { describeDemoAccounts, makeFirstAdmin, type MadeAdmin } from './accounts';
import { migrateDatabase, openDatabase, warnOfOneRole, type OpenDatabase } from './database';
import { deleteRunningNote, writeRunningNote, describePortTaken, assertPortFree } from './port';
import { logger } from '../logger';
import { finishProductionStart, reportSettings } from './production';
import { resolveJwtSecret } from './apply-settings';
import { stopOnSignals } from './stopping';
import { checkDatabaseOnce } from './usable-database';
import { printWelcome } from './welcome';
import { startWorkerProcess, type WorkerProcess } from './worker-process';

/** Outside production, migrates the schema, seeds demo data and creates the first admin. */
async function prepareDatabase(open: OpenDatabase): Promise<MadeAdmin | undefined> {
  if (config.isProduction) return undefined;
  const isEmbedded = open.embedded !== undefined;
  await migrateDatabase(open);
  warnOfOneRole(open);
  if ((config.seedDemo ?? isEmbedded) && (await (await import('../migrate/index.js')).seed(open.ownerUrl)))
    await (await import('./seeding.js')).finishSeeding();
  return makeFirstAdmin({ isEmbedded });
}

async function startApi() {
  const { startServer } = await import('../server.js');
  return startServer().catch((error: Error & { cause?: { code?: string } }) => {
    throw error.cause?.code === 'EADDRINUSE' ? new Error(describePortTaken()) : error;
  });
}

/** Runs `npm start`: the embedded database if none is configured, the API in this process, and the worker in another. */
export async function runProgram(): Promise<void> {
  assertStartable();
  await reportSettings();
  await assertPortFree();
  resolveJwtSecret();
  let open: OpenDatabase | undefined;
  let api: { port: number; stop(): Promise<void> } | undefined;
  let worker: WorkerProcess | undefined;
  async function stop(): Promise<void> {
    await Promise.all([api?.stop(), worker?.stop()]);
    if (api) deleteRunningNote();
    await open?.stop();
  }
  stopOnSignals(stop, () => worker?.kill());
  try {
    open = await openDatabase();
    await checkDatabaseOnce();
    const admin = await prepareDatabase(open);
    api = await startApi();
    writeRunningNote();
    worker = startWorkerProcess();
    finishProductionStart().catch((error: Error) => logger.error({ err: error }, 'The start could not be finished'));
    const demoAccounts = config.isProduction ? undefined : await describeDemoAccounts();
    printWelcome({ port: api.port, isEmbedded: open.embedded !== undefined, admin, demoAccounts });
  } catch (error) {
    await stop();
    throw error;
  }
}
