const closers: (() => void)[] = [];

/** Calls `close` after the last test and hook of the file. */
export function whenFileEnds(close: () => void): void {
  closers.push(close);
}

export function closeAll(): void {
  for (const close of closers.splice(0)) close();
}
