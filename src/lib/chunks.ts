/** Repeats a step that handles at most `chunk` items until it handles fewer. Returns the total. */
export async function repeatInChunks(chunk: number, step: (limit: number) => Promise<number>): Promise<number> {
  for (let total = 0; ;) {
    const count = await step(chunk);
    total += count;
    if (count < chunk) return total;
  }
}

/** Splits a list into lists of at most `size` items. */
export function splitIntoChunks<T>(size: number, items: T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** Groups a list by a key, in order. */
export function groupBy<T, K>(items: T[], getKey: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = getKey(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
