import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Started {
  child: ChildProcess;
  pid: number;
  /** Returns everything the process has written so far. */
  output(): string;
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts a program with these settings and the machine's environment, without the settings of the tests. */
export function start(command: string, args: string[], settings: Record<string, string> = {}): Started {
  const { PATH = '', HOME = '', USER = '' } = process.env;
  const child = spawn(command, args, { env: { PATH, HOME, USER, ...settings }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const exited = new Promise<Awaited<Started['exited']>>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return { child, pid: child.pid!, output: () => output, exited };
}

/** Returns what a process has logged so far. */
export function linesOf({ output }: Started): Record<string, unknown>[] {
  const lines = output().split('\n');
  return lines.filter((line) => /^\{.*\}$/.test(line)).map((line) => JSON.parse(line));
}

/** Waits until `condition` returns a truthy value, and returns it. @throws Error that ends in `told()` after a minute */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  told: () => string = () => '',
): Promise<NonNullable<T>> {
  for (let tries = 0; tries < 600; tries += 1) {
    const value = await condition();
    if (value) return value;
    await sleep(100);
  }
  throw new Error(`Timed out waiting for: ${condition.toString()} ${told()}`);
}

/** Finds processes whose command line or environment contains this text. Reads /proc, because minimal machines have no `ps`. */
export function processesNaming(text: string): { pid: number; command: string }[] {
  if (!existsSync('/proc/self/cmdline')) {
    const lines = execFileSync('ps', ['-axEo', 'pid=,command='], { encoding: 'utf8' }).split('\n');
    return lines
      .filter((line) => line.includes(text))
      .map((line) => ({ pid: Number.parseInt(line, 10), command: line }));
  }
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const hasText = command.includes(text) || readFileSync(`/proc/${name}/environ`, 'utf8').includes(text);
      return hasText ? [{ pid: Number(name), command }] : [];
    } catch {
      return [];
    }
  });
}
