import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

const ROOT = path.join(__dirname, '..', '..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

const documents = ['.', 'docs', 'docs/decisions'].flatMap((folder) =>
  readdirSync(path.join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(folder, name)),
);

/** Returns the anchor that GitHub generates for a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

function brokenLinks(document: string): string[] {
  const text = read(document).replace(/```[^]*?```/g, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)].map(([, a, b]) => (a ?? b)!);
  return links.filter((link) => {
    if (/^(https?|mailto):/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    const target = file ? path.join(path.dirname(document), file) : document;
    if (!existsSync(path.join(ROOT, target))) return true;
    if (!anchor) return false;
    const headings = [...read(target).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
    return !headings.includes(anchor);
  });
}

describe('the documents', () => {
  it.each(documents)('%s links to files and headings that exist', (document) => {
    expect(brokenLinks(document)).toEqual([]);
  });

  it('name only paths that exist', () => {
    const named = documents
      .filter((document) => document !== 'CHANGELOG.md')
      .flatMap((document) => {
        const paths = read(document).matchAll(/`((?:src|tests|database|assets|scripts|benchmarks|docs)\/[\w./-]+)`/g);
        return [...paths].flatMap(([, file = '']) => (file.includes('NNNN') ? [] : `${document}: ${file}`));
      });
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((each) => !existsSync(path.join(ROOT, each.split(': ')[1]!)))).toEqual([]);
  });

  it('use each decision number only once', () => {
    const numbers = readdirSync(path.join(ROOT, 'docs/decisions')).map((name) => name.slice(0, 4));
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('include the version of the package in CHANGELOG.md', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(read('CHANGELOG.md')).toMatch(new RegExp(`^## \\[${version}\\] - \\d{4}-\\d\\d-\\d\\d$`, 'm'));
    expect(read('CHANGELOG.md')).toMatch(/^## \[Unreleased\]$/m);
  });
});

describe('the workflow', () => {
  const workflow = parse(read('.github/workflows/ci.yml')) as {
    permissions: object;
    jobs: Record<
      string,
      {
        strategy: { matrix: { node: number[] } };
        container: { image: string };
        steps: { uses?: string; run?: string }[];
      }
    >;
  };
  const job = workflow.jobs.run!;

  it('runs the CI script on every supported Node.js version', () => {
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    const oldest = /\d+/.exec(engines.node)![0];
    expect(job.strategy.matrix.node).toEqual([Number(oldest), 22, 24]);
    expect(read('.nvmrc').trim()).toBe(oldest);
    expect(job.container.image).toContain('${{ matrix.node }}');
    const commands = job.steps.flatMap(({ run }) => run ?? []);
    expect(commands).toEqual(['.ci/run']);
    for (const command of commands) expect(statSync(path.join(ROOT, command)).mode & 0o111).not.toBe(0);
  });

  it('has read-only permissions and pins its actions to commits', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const { uses } of job.steps) if (uses) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });

  it('keeps npm packages, actions and images up to date', () => {
    const { updates } = parse(read('.github/dependabot.yml')) as { updates: Record<string, string>[] };
    expect(updates.map((each) => each['package-ecosystem'])).toEqual([
      'npm',
      'github-actions',
      'docker',
      'docker-compose',
    ]);
  });
});

describe('the debugger', () => {
  const { configurations } = JSON.parse(read('.vscode/launch.json')) as {
    configurations: { program: string; preLaunchTask: string; outFiles?: string[] }[];
  };

  it('starts programs that exist, after a build', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const { program, preLaunchTask } of configurations) {
      expect([program, existsSync(program.replace('${workspaceFolder}', ROOT))]).toEqual([program, true]);
      expect(Object.keys(scripts)).toContain(preLaunchTask.replace('npm: ', ''));
    }
  });

  it('finds the source of every compiled line', () => {
    const script = `
      const { SourceMap } = require('node:module');
      const map = new SourceMap(JSON.parse(require('node:fs').readFileSync('dist/launch/program.js.map', 'utf8')));
      const lines = require('node:fs').readFileSync('dist/launch/program.js', 'utf8').split('\\n');
      const found = lines.flatMap((line, number) => {
        const name = /^async function (\\w+)/.exec(line)?.[1];
        return name ? [[name, map.findEntry(number, line.indexOf(name))]] : [];
      });
      console.log(JSON.stringify(found.map(([name, entry]) => [name, entry.originalSource, entry.originalLine])));`;
    const options = { cwd: ROOT, encoding: 'utf8' } as const;
    const found = JSON.parse(execFileSync(process.execPath, ['-e', script], options)) as [string, string, number][];
    expect(found.length).toBeGreaterThan(1);
    for (const [name, source, line] of found) {
      const file = path.resolve(ROOT, 'dist/launch', source);
      expect(path.relative(ROOT, file)).toBe('src/launch/program.ts');
      expect(readFileSync(file, 'utf8').split('\n')[line]).toContain(`function ${name}(`);
    }
  });
});
