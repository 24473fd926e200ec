import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { start } from '../helpers/servers/processes';

jest.setTimeout(120_000);

const ROOT = path.join(__dirname, '..', '..');

/** Creates a checkout with two modules. */
function checkout(name: string): string {
  const folder = path.join(process.env.DATA_DIR!, name);
  for (const each of ['src', 'scripts']) mkdirSync(path.join(folder, each), { recursive: true });
  for (const file of ['tsconfig.json', 'tsconfig.build.json', 'package.json', 'scripts/build.js'])
    cpSync(path.join(ROOT, file), path.join(folder, file));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  writeFileSync(path.join(folder, 'src/start.ts'), "import { word } from './word';\n\nconsole.log(word);\n");
  writeFileSync(path.join(folder, 'src/word.ts'), "export const word = 'first';\n");
  return folder;
}

async function build(folder: string): Promise<number | null> {
  return (await start(process.execPath, [path.join(folder, 'scripts/build.js')]).exited).code;
}

async function run(folder: string): Promise<string> {
  const program = start(process.execPath, [path.join(folder, 'dist/start.js')]);
  await program.exited;
  return program.output();
}

describe('npm run build', () => {
  it('can run several times at once beside a running program, and leaves no other files behind', async () => {
    const folder = checkout('several');
    expect(await Promise.all([1, 2, 3].map(() => build(folder)))).toEqual([0, 0, 0]);
    const programs = Array.from({ length: 8 }, () => run(folder));
    expect(await Promise.all([build(folder), build(folder)])).toEqual([0, 0]);
    expect(new Set(await Promise.all(programs))).toEqual(new Set(['first\n']));
    expect(readdirSync(folder).filter((name) => name.includes('dist'))).toEqual(['dist']);
  });

  it('writes only changed files and removes deleted ones', async () => {
    const folder = checkout('changed');
    writeFileSync(path.join(folder, 'src/gone.ts'), 'export const gone = 1;\n');
    expect(await build(folder)).toBe(0);
    const before = statSync(path.join(folder, 'dist/start.js')).ino;
    writeFileSync(path.join(folder, 'src/word.ts'), "export const word = 'second';\n");
    rmSync(path.join(folder, 'src/gone.ts'));
    expect(await build(folder)).toBe(0);
    expect(await run(folder)).toBe('second\n');
    expect(statSync(path.join(folder, 'dist/start.js')).ino).toBe(before);
    expect(readdirSync(path.join(folder, 'dist')).sort()).toEqual([
      'start.js',
      'start.js.map',
      'word.js',
      'word.js.map',
    ]);
    expect(readFileSync(path.join(folder, 'dist/word.js.map'), 'utf8')).toContain('"../src/word.ts"');
  });

  it('compiles only if a source, a setting or the result has changed', async () => {
    const folder = checkout('unchanged');
    // Compiling makes a folder beside dist.
    const compiles = async () => {
      const before = statSync(folder).mtimeMs;
      expect(await build(folder)).toBe(0);
      return statSync(folder).mtimeMs > before;
    };
    expect(await compiles()).toBe(true);
    expect(await compiles()).toBe(false);
    writeFileSync(path.join(folder, 'dist/word.js'), "exports.word = 'forged';\n");
    expect(await compiles()).toBe(true);
    expect(await run(folder)).toBe('first\n');
    const configuration = path.join(folder, 'tsconfig.build.json');
    writeFileSync(
      configuration,
      readFileSync(configuration, 'utf8').replace('"sourceMap": true', '"sourceMap": false'),
    );
    expect(await compiles()).toBe(true);
    expect(readdirSync(path.join(folder, 'dist')).sort()).toEqual(['start.js', 'word.js']);
    rmSync(path.join(folder, 'dist/start.js'));
    expect(await compiles()).toBe(true);
    expect(await compiles()).toBe(false);
  });

  it('keeps the previous build when the code does not compile', async () => {
    const folder = checkout('wrong');
    expect(await build(folder)).toBe(0);
    writeFileSync(path.join(folder, 'src/word.ts'), 'export const word: string = 1;\n');
    expect(await build(folder)).not.toBe(0);
    expect(await run(folder)).toBe('first\n');
  });
});
