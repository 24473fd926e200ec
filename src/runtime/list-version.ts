let version = 0;

/** Says that what public lists show has changed, so that cached ones are not served any longer by this process. */
export function bumpListVersion(): void {
  version += 1;
}

export function getListVersion(): number {
  return version;
}
