import { config } from '../config';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../embedded';
import { logger } from '../logger';
import { makeDataDir } from './data-dir';
import { applySettings } from './apply-settings';
import { describeRefusal, isPermanent } from './usable-database';

export interface OpenDatabase {
  /** The URL for the role that migrates. */
  ownerUrl: string;
  /** Undefined if only the owner is known; migrating then finds the role that was granted rights before. */
  programRole: string | undefined;
  embedded: EmbeddedPostgres | undefined;
  stop(): Promise<void>;
}

/** Resolves which database this process uses: the configured one, otherwise the embedded one, which is started if necessary. */
export async function openDatabase(): Promise<OpenDatabase> {
  let embedded: EmbeddedPostgres | undefined;
  const named = config.databaseOwnerUrl ?? config.databaseDirectUrl;
  if (!config.databaseUrl && named) {
    // A configured database is always used. Commands that do not migrate use it as its owner.
    applySettings({ DATABASE_URL: named });
    return { ownerUrl: named, programRole: undefined, embedded, stop: async () => undefined };
  }
  if (!config.databaseUrl && config.isProduction)
    throw new Error('DATABASE_URL is required in production; DATABASE_OWNER_URL is enough to migrate.');
  if (!config.databaseUrl) {
    embedded = await startEmbeddedPostgres({ dataDir: makeDataDir(), durable: true, log: logger });
    applySettings({ DATABASE_URL: embedded.programUrl, DATABASE_OWNER_URL: embedded.ownerUrl });
  }
  const url = config.databaseUrl ?? '';
  return {
    ownerUrl: config.databaseOwnerUrl ?? config.databaseDirectUrl ?? url,
    programRole: decodeURIComponent(new URL(url).username),
    embedded,
    stop: async () => embedded?.stop(),
  };
}

/** Describes that the program uses another database than the one that was migrated; undefined if it uses the same one. */
export function describeOtherDatabase({ ownerUrl }: OpenDatabase): string | undefined {
  const [used = '', migrated = ''] = [config.databaseUrl, ownerUrl].map((url) => new URL(url ?? '').pathname.slice(1));
  if (used === migrated) return undefined;
  return `This migrated the database "${migrated}", but DATABASE_URL leads to "${used}": unless a pooler calls it that, name the same one in both.`;
}

/** Warns of a pooler that shares connections: what a migration sets for its connection would stay in force for other clients. */
async function warnOfPooler(ownerUrl: string): Promise<void> {
  const { supportsSessions } = await import('../integrations/pooler.js');
  // If PostgreSQL cannot be reached, migrating says so.
  if (await supportsSessions(ownerUrl).catch(() => true)) return;
  const name = ownerUrl === config.databaseOwnerUrl ? 'DATABASE_OWNER_URL' : 'DATABASE_DIRECT_URL';
  logger.warn(
    `Migrations need a connection of their own, but go through a pooler that shares them (PgBouncer in transaction mode): ` +
      `set ${name} to the same database without the pooler, or time limits of a migration stay in force for other clients.`,
  );
}

/** Migrates the schema. @throws Error with a sentence if the database cannot be reached */
export async function migrateDatabase({ ownerUrl, programRole, embedded }: OpenDatabase): Promise<string[]> {
  if (!embedded) await warnOfPooler(ownerUrl);
  // Loaded late, like every module that opens connections, because the database is resolved by now.
  const { migrate } = await import('../migrate/index.js');
  const { isUnavailable } = await import('../database/index.js');
  try {
    return await migrate(ownerUrl, programRole, config.databaseUrl);
  } catch (error) {
    if (isPermanent(error)) {
      const name = ownerUrl === config.databaseOwnerUrl ? 'DATABASE_OWNER_URL' : 'DATABASE_URL';
      throw new Error(describeRefusal(name, ownerUrl, error), { cause: error });
    }
    if (!isUnavailable(error)) throw error;
    throw new Error(`The database at ${new URL(ownerUrl).host} can't be used: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Describes the risk of using one database role for everything. */
export function warnOfOneRole({ ownerUrl, programRole }: OpenDatabase): void {
  if (programRole !== undefined && decodeURIComponent(new URL(ownerUrl).username) !== programRole) return;
  logger.warn(
    `The database role ${programRole ?? 'of DATABASE_OWNER_URL'} is used for everything: a hole in the program could change the schema, and row-level security ` +
      'does not bind it. Give the program a role of its own in DATABASE_URL, and the owner in DATABASE_OWNER_URL.',
  );
}
