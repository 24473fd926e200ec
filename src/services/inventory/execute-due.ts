import type { Command } from './rules/commands';
import { executeAll } from './execute';

const CHUNK_SIZE = 500;

/** Executes all due commands in chunks, until a chunk has no effect. Returns how many commands took effect. */
export async function executeDue(listDue: (limit: number) => Promise<Command[]>): Promise<number> {
  for (let total = 0; ;) {
    const due = await listDue(CHUNK_SIZE);
    const executed = await executeAll(due, ['NOT_FOUND']);
    total += executed;
    if (due.length < CHUNK_SIZE || executed === 0) return total;
  }
}
