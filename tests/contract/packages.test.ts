import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

// `NODE_ENV=production npm ci && npm run build` must work, so everything that the build needs must be in `dependencies`.

const root = path.join(__dirname, '..', '..');
const { dependencies, devDependencies, optionalDependencies, allowScripts, scripts } = JSON.parse(
  readFileSync(path.join(root, 'package.json'), 'utf8'),
) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  allowScripts: Record<string, boolean>;
  scripts: Record<string, string>;
};

function importedPackages(): Set<string> {
  const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const names = files.flatMap((file) => {
    const text = readFileSync(path.join(root, 'src', file), 'utf8');
    return ts
      .preProcessFile(text)
      .importedFiles.map(({ fileName }) => fileName)
      .filter((name) => !name.startsWith('.'))
      .map((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)![0]);
  });
  return new Set(names.filter((name) => !name.startsWith('node:')));
}

const typesOf = (name: string): string => `@types/${name.replace(/^@/, '').replace('/', '__')}`;

it('package.json lists every package that src imports, and its types, as a dependency', () => {
  const imported = [...importedPackages()];
  expect(imported).toContain('express');
  for (const name of imported) {
    expect([name, name in devDependencies && !(name in dependencies)]).toEqual([name, false]);
    expect([typesOf(name), typesOf(name) in devDependencies]).toEqual([typesOf(name), false]);
  }
});

it('npm builds before each command, with a compiler from the dependencies', () => {
  const compiler = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(scripts.typecheck ?? '')?.[1] ?? '';
  expect(Object.keys(dependencies)).toContain(compiler);
  for (const [name, script] of Object.entries(scripts))
    if (script.includes('dist/')) expect([name, scripts[`pre${name}`]]).toEqual([name, 'npm run --silent build']);
});

describe('the lock file', () => {
  interface Entry {
    version: string;
    resolved?: string;
    integrity?: string;
    hasInstallScript?: boolean;
    optional?: boolean;
    os?: string[];
    cpu?: string[];
  }
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Entry>;
  };
  const entries = Object.entries(packages).filter(([place]) => place !== '');

  it('has the hash of every package, except those for platforms that the registry here does not have', () => {
    const unhashed = entries.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? ''));
    for (const [place, { optional, os, cpu }] of unhashed)
      expect([place, optional && Boolean(os ?? cpu)]).toEqual([place, true]);
    // Whose registry is meant is decided by npm's settings.
    expect(entries.filter(([, { resolved }]) => resolved)).toEqual([]);
  });

  it('pins what package.json names', () => {
    for (const [name, wanted] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }))
      expect([name, wanted.replace(/^npm:.*@/, '')]).toEqual([name, packages[`node_modules/${name}`]!.version]);
  });

  it('lets no package run a script when it is installed', () => {
    const names = entries
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([place]) => place.replace(/^.*node_modules\//, ''));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect([name, allowScripts[name]]).toEqual([name, false]);
    expect(Object.values(allowScripts).filter(Boolean)).toEqual([]);
  });

  it('has only packages under accepted licenses, which npm run licenses lists', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/licenses.js'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^MIT +express@/m);
    expect(stdout.split('\n').length).toBeGreaterThan(300);
  });
});
