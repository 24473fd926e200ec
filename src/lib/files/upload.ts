/** A file as it came, not looked into yet. */
export interface Upload {
  /** Where it lies until the request is answered. */
  path: string;
  /** As its sender calls it; fit for a database and a screen, not for a path. */
  originalName: string;
  /** Bytes. */
  size: number;
}
