/** Repeats a step that does at most `chunk` things at a time until fewer are left; returns how many were done. */
export async function repeatInChunks(chunk: number, step: (limit: number) => Promise<number>): Promise<number> {
  for (let total = 0; ;) {
    const count = await step(chunk);
    total += count;
    if (count < chunk) return total;
  }
}

/** The things in lists of at most so many. */
export function splitIntoChunks<T>(size: number, items: T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
