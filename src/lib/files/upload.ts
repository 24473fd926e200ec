/** The size of the largest file that can be uploaded. */
export const MAX_UPLOAD_BYTES = 10 * 1024 * 1024;

/** An uploaded file that has not been inspected yet. */
export interface Upload {
  /** The path of the temporary file, which exists until the response is sent. */
  path: string;
  /** The original file name, safe to store and display, but not to use in a path. */
  originalName: string;
  /** The size in bytes. */
  size: number;
}
