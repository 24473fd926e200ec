import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Runs a script as an operator would, and returns what it printed. @throws Error with the output if it fails */
export async function run(script: string): Promise<string> {
  const folder = existsSync('/opt/bilten') ? '/opt/bilten' : '/';
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve)); // 'close' would wait for servers in the background.
  if (code !== 0) throw new Error(`Failed with ${code}:\n${script}\n${output}`);
  return output;
}

/** The code blocks of a heading in docs/operations.md. */
export function readBlocks(heading: string): string[] {
  const text = readFileSync(path.join(process.env.WORK ?? '', `${heading}.sh`), 'utf8');
  return text
    .split('# block\n')
    .map((block) => block.trim())
    .filter(Boolean);
}

/** Runs a statement as PostgreSQL's superuser. @returns the rows, a line each */
export function sql(statement: string): string[] {
  const args = ['--reuid=postgres', '--regid=postgres', '--init-groups', 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1'];
  const { status, stdout, stderr } = spawnSync('setpriv', [...args, '-c', statement, 'bilten'], {
    cwd: '/',
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim().split('\n').filter(Boolean);
}
