import { existsSync, readdirSync, readFileSync } from 'node:fs';

// What Linux counts processor time in, to programs.
const TICK_US = 10_000;

interface Stat {
  parent: number;
  /** Microseconds of the process and of its children that have ended. */
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

/** Processor time that a process and its children have used so far, in microseconds; undefined where there is no /proc. */
export function cpuOf(pid: number): number | undefined {
  if (!existsSync('/proc/self/stat')) return undefined;
  const own = statOf(pid)?.used ?? 0;
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf);
  return stats.reduce((sum, stat) => (stat?.parent === pid ? sum + stat.used : sum), own);
}
