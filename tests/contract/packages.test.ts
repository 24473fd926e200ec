import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

// `NODE_ENV=production npm ci && npm run build` must work, so everything that the build needs must be in `dependencies`.

const root = path.join(__dirname, '..', '..');
const { dependencies, devDependencies, scripts } = JSON.parse(
  readFileSync(path.join(root, 'package.json'), 'utf8'),
) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
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
