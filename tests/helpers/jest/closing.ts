const closers: (() => void)[] = [];

/** Has something closed when the last test and hook of the file have run. */
export function whenFileEnds(close: () => void): void {
  closers.push(close);
}

export function closeAll(): void {
  for (const close of closers.splice(0)) close();
}
