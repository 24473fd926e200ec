import { existsSync, readdirSync, readFileSync } from 'node:fs';

// The unit in which Linux reports CPU time to programs.
const TICK_US = 10_000;

interface Stat {
  parent: number;
  /** CPU time of the process and of its finished children, in microseconds. */
  used: number;
}

function statOf(pid: number | string): Stat | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number);
    const [, parent = 0] = fields;
    return { parent, used: fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) * TICK_US };
  } catch {
    return undefined;
  }
}

export const parentOf = (pid: number): number | undefined => statOf(pid)?.parent;

/** Returns the CPU time of a process and its children so far, in microseconds; undefined without /proc. */
export function cpuOf(pid: number): number | undefined {
  if (!existsSync('/proc/self/stat')) return undefined;
  const own = statOf(pid)?.used ?? 0;
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf);
  return stats.reduce((sum, stat) => (stat?.parent === pid ? sum + stat.used : sum), own);
}
