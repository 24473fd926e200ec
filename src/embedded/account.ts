import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** A user of this machine. Where an account is expected, `undefined` stands for the current user. */
export interface Account {
  uid: number;
  gid: number;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * Returns the account to run PostgreSQL as: it refuses to run as root, and initdb needs a user with an entry in passwd.
 * @throws Error if this is root and there is no such user
 */
export function getServerAccount(): Account | undefined {
  if (!isRoot()) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = users.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    // On macOS, the id of `nobody` is -2.
    if (uid && gid) return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
  }
  throw new Error(
    'PostgreSQL does not run as root, and there is no user `postgres` or `nobody`: start as another user or set DATABASE_URL.',
  );
}

/** Returns the account to serve existing data with: for root, the owner of the data. */
export function getOwnerAccount(directory: string): Account | undefined {
  const { uid, gid } = statSync(directory);
  if (process.getuid === undefined || uid === process.getuid()) return undefined;
  if (isRoot()) return { uid, gid };
  throw new Error(`${directory} belongs to another user (id ${uid}): start as that user, or choose another DATA_DIR.`);
}

/** True if `account` can access `directory` and all folders above it. */
export function canReach(directory: string, account: Account | undefined): boolean {
  if (!account) return true;
  const parent = path.dirname(directory);
  const { uid, gid, mode } = statSync(directory);
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  return (mode & bit) !== 0 && (parent === directory || canReach(parent, account));
}
