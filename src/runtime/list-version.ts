let version = 0;

/** Invalidates the cached public lists of this process. */
export function bumpListVersion(): void {
  version += 1;
}

export function getListVersion(): number {
  return version;
}
