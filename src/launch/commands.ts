import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { config } from '../config';
import type { StorageDriver } from '../integrations/storage';
import { describeOtherDatabase, migrateDatabase, type OpenDatabase } from './database';

type Command = (open: OpenDatabase, args: string[]) => Promise<void>;

const OBJECTS_PER_LINE = 100;
const MIGRATE_USAGE = 'Usage: npm run migrate [-- up | down | down --all | make NAME]';

async function makeMigration(args: string[]): Promise<void> {
  if (args.length === 0) throw new Error(MIGRATE_USAGE);
  const file = await (await import('../migrate/files.js')).makeMigration(args.join(' '));
  console.log(`made        ${path.relative('.', file)}`);
}

async function migrate(open: OpenDatabase, [direction = 'up', ...rest]: string[]): Promise<void> {
  if (!['up', 'down'].includes(direction)) throw new Error(MIGRATE_USAGE);
  if (direction === 'up') {
    const applied = await migrateDatabase(open);
    console.log(
      applied.length ? applied.map((name) => `applied     ${name}`).join('\n') : 'The database is up to date.',
    );
    if (open.programRole === undefined && !(await (await import('../migrate/index.js')).hasProgramRole(open.ownerUrl)))
      console.log('Only the owner has rights: set DATABASE_URL for the role of the program, and migrate again.');
    const other = describeOtherDatabase(open);
    if (other) console.log(other);
    return;
  }
  const { rollback } = await import('../migrate/index.js');
  const names = await rollback(open.ownerUrl, { all: rest.includes('--all') });
  console.log(names.length ? names.map((name) => `rolled back ${name}`).join('\n') : 'There is nothing to roll back.');
}

async function seed(open: OpenDatabase): Promise<void> {
  if (config.isProduction)
    throw new Error('Demo data has accounts with publicly known passwords: it cannot be used in production.');
  await migrateDatabase(open);
  const isDone = await (await import('../migrate/index.js')).seed(open.ownerUrl);
  if (isDone) await (await import('./seeding.js')).finishSeeding();
  console.log(
    isDone
      ? 'The demo data has been added.'
      : 'There are accounts already: demo data can only be added to an empty database.',
  );
}

async function admin(open: OpenDatabase, args: string[]): Promise<void> {
  const options = { email: { type: 'string' }, password: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const { email } = values;
  if (positionals[0] !== 'create' || !email || !/^[^@\s]+@[^@\s]+$/.test(email))
    throw new Error('Usage: npm run admin -- create --email you@example.com [--password …]');
  if (!config.isProduction) await migrateDatabase(open);
  const { createAdmin } = await import('../services/users/change-access.js');
  const password = values.password ?? randomBytes(12).toString('base64url');
  const made = await createAdmin({ email, password });
  console.log(
    `${made.email} is an admin now${values.password === undefined ? `, with the password ${password}` : ''}.`,
  );
}

async function ticketKeys(_open: OpenDatabase, [action, id]: string[]): Promise<void> {
  const { revokeTicketKey, rotateTicketKey } = await import('../services/tickets/signing-keys.js');
  if (action === 'rotate') {
    console.log(`Ticket key ${await rotateTicketKey()} signs from now on, in every process within 30 s.`);
    return;
  }
  if (action !== 'revoke' || !/^\d{1,3}$/.test(id ?? ''))
    throw new Error('Usage: npm run ticket-keys -- rotate | revoke <id>');
  if (!(await revokeTicketKey(Number(id)))) throw new Error(`There is no valid ticket key ${id}.`);
  console.log(`Codes of ticket key ${id} are no longer valid: their tickets must be downloaded again.`);
}

async function analytics(_open: OpenDatabase, [action]: string[]): Promise<void> {
  if (action !== 'rebuild') throw new Error('Usage: npm run analytics -- rebuild');
  await (await import('../services/analytics/count-analytics.js')).rebuildAnalytics();
  console.log('All analytics have been rebuilt.');
}

async function auditLog(_open: OpenDatabase, [action, known]: string[]): Promise<void> {
  if (action !== 'verify') throw new Error('Usage: npm run audit-log -- verify [<link noted earlier>]');
  const { verifyAuditChain } = await import('../services/audit/audit-chain.js');
  const { checked, unchained, head, broken } = await verifyAuditChain(known);
  if (broken) {
    const where = broken.entryId === null ? '' : ` at entry ${broken.entryId}`;
    throw new Error(`The audit log is broken${where}: ${broken.why}. ${checked} entries are in order before that.`);
  }
  console.log(`${checked} entries are in order, ${unchained} wait to be chained. The last link is ${head ?? 'none'}.`);
}

async function storage(_open: OpenDatabase, [action, from = '', to = '']: string[]): Promise<void> {
  const { STORAGE_DRIVERS } = await import('../integrations/storage/index.js');
  const isDriver = (name: string): name is StorageDriver => STORAGE_DRIVERS.some((each) => each === name);
  if (action !== 'copy' || !isDriver(from) || !isDriver(to) || from === to)
    throw new Error(`Usage: npm run storage -- copy <from> <to>, of ${STORAGE_DRIVERS.join(', ')}`);
  const { copyFiles } = await import('../services/files/copy-files.js');
  const { copied, kept, missing } = await copyFiles(from, to, (done, total) => {
    if (done % OBJECTS_PER_LINE === 0) console.log(`${done} of ${total}`);
  });
  console.log(`${copied} objects were copied, ${kept} already existed.`);
  if (missing.length > 0)
    throw new Error(`${missing.length} are missing from the source store:\n${missing.join('\n')}`);
}

/** Commands without a database, by their first two words. */
export const offlineCommands: Record<string, (args: string[]) => Promise<void>> = { 'migrate make': makeMigration };

export const commands: Record<string, Command> = {
  migrate,
  seed,
  admin,
  'ticket-keys': ticketKeys,
  storage,
  analytics,
  'audit-log': auditLog,
};
