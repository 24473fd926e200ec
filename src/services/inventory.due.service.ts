import type { Command } from './inventory.commands';
import { settleAll } from './inventory.service';

const CHUNK = 500;

/** Has everything decided that is due, some at a time, until nothing of it takes effect any more. Returns how much did. */
export async function settleDue(listDue: (limit: number) => Promise<Command[]>): Promise<number> {
  for (let total = 0; ;) {
    const due = await listDue(CHUNK);
    const settled = await settleAll(due, ['NOT_FOUND']);
    total += settled;
    if (due.length < CHUNK || settled === 0) return total;
  }
}
