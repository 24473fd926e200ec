import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { canReach, getOwnerAccount, getServerAccount, type Account } from './account';
import { findBinaries, getRootFolder, type Binaries } from './binaries';

const MAJOR_VERSION = '18';

export interface Passwords {
  superuser: string;
  owner: string;
  program: string;
}

/** A database cluster on disk; `home` contains `data`, `log` and `passwords.json`. */
export interface Cluster {
  home: string;
  data: string;
  log: string;
  account: Account | undefined;
  binaries: Binaries;
  passwords: Passwords;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

interface ClusterOptions {
  account: Account | undefined;
  binaries: Binaries;
  durable: boolean;
}

async function initialize(home: string, { account, binaries, durable }: ClusterOptions): Promise<void> {
  const secret = () => randomBytes(24).toString('base64url');
  const passwords: Passwords = { superuser: secret(), owner: secret(), program: secret() };
  const passwordFile = path.join(home, 'superuser-password');
  await chmod(home, 0o700);
  await writeFile(passwordFile, passwords.superuser, { mode: 0o600 });
  await writeFile(path.join(home, 'passwords.json'), JSON.stringify(passwords), { mode: 0o600 });
  if (account) for (const file of [home, passwordFile]) await chown(file, account.uid, account.gid);
  // Without a locale in the environment, as in minimal images, initdb would choose SQL_ASCII.
  const encoding = ['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const options = [...encoding, ...access, ...(durable ? [] : ['--no-sync']), '-D', path.join(home, 'data')];
  await promisify(execFile)(binaries.initdb, options, { ...account, cwd: home }).catch(
    (error: { stderr?: string; message: string }) => {
      throw new Error(`The program's own PostgreSQL can't lay out its data: ${error.stderr?.trim() || error.message}`);
    },
  );
  await unlink(passwordFile);
}

/** Creates a cluster at `home` atomically, so that two concurrent starts use the same one. */
async function create(home: string, durable: boolean): Promise<void> {
  const account = getServerAccount();
  const dataDir = path.dirname(home);
  const within = canReach(dataDir, account);
  const binaries = findBinaries(account, dataDir);
  const draft = await mkdtemp(path.join(within ? dataDir : getRootFolder(), 'postgres-'));
  try {
    await initialize(draft, { account, binaries, durable });
    if (within) await rename(draft, home);
    else await symlink(draft, home);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(path.join(home, 'data', 'PG_VERSION')))) throw error;
  }
}

function createIncompleteError(home: string, problem: string): Error {
  return new Error(
    `${home} is not a complete database: ${problem}. Restore the folder from a backup, move it away to start with an empty database, or choose another DATA_DIR.`,
  );
}

/** @throws Error that says what to do if a file of the cluster is missing */
async function readPart(home: string, name: string): Promise<string> {
  return readFile(path.join(home, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    throw createIncompleteError(home, `${name} is missing`);
  });
}

function parsePasswords(home: string, text: string): Passwords {
  try {
    const { superuser, owner, program } = JSON.parse(text) as Partial<Passwords>;
    if (superuser && owner && program) return { superuser, owner, program };
  } catch {
    // Reported below.
  }
  throw createIncompleteError(home, 'passwords.json is damaged');
}

/** Returns the cluster of `dataDir`, creating it if necessary. If the server's user cannot access `dataDir`, root stores it elsewhere, behind a link. */
export async function openCluster(dataDir: string, durable: boolean): Promise<Cluster> {
  await mkdir(dataDir, { recursive: true });
  const link = path.join(await realpath(dataDir), 'postgres');
  if (!(await exists(link))) {
    if (await exists(path.dirname(link)))
      await lstat(link).then(
        () => unlink(link),
        () => undefined,
      );
    await create(link, durable);
  }
  const home = await realpath(link);
  const data = path.join(home, 'data');
  const account = getOwnerAccount(home);
  const version = (await readPart(home, 'data/PG_VERSION')).trim();
  if (version === '') throw createIncompleteError(home, 'data/PG_VERSION is empty');
  if (version !== MAJOR_VERSION)
    throw new Error(
      `${data} is of PostgreSQL ${version}, the program brings ${MAJOR_VERSION}: move its data over by a dump, or choose another DATA_DIR.`,
    );
  const passwords = parsePasswords(home, await readPart(home, 'passwords.json'));
  return {
    home,
    data,
    log: path.join(home, 'log'),
    account,
    passwords,
    binaries: findBinaries(account, path.dirname(link)),
  };
}
