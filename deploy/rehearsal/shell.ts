import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

/** Kills all processes of this name, again and again until there are none. A minimal Debian has no pkill. */
export function killAll(name: string): void {
  const find = (): number[] =>
    readdirSync('/proc').flatMap((each) => {
      try {
        const [, found, state] = /\((.*)\) (\S)/.exec(readFileSync(`/proc/${each}/stat`, 'utf8')) ?? [];
        return found === name && state !== 'Z' ? Number(each) : [];
      } catch {
        // It is no process, or has ended.
        return [];
      }
    });
  for (let pids = find(); pids.length > 0; pids = find()) {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
  }
}
