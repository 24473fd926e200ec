import type { Command } from './rules/commands';
import { executeAll } from './execute';

const DUE_CHUNK_SIZE = 500;

/** Has everything decided that is due, some at a time, until nothing of it takes effect any more. Returns how much did. */
export async function executeDue(listDue: (limit: number) => Promise<Command[]>): Promise<number> {
  for (let total = 0; ;) {
    const due = await listDue(DUE_CHUNK_SIZE);
    const settled = await executeAll(due, ['NOT_FOUND']);
    total += settled;
    if (due.length < DUE_CHUNK_SIZE || settled === 0) return total;
  }
}
