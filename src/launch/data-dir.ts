import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { config } from '../config';

/**
 * Returns the data folder of the program, creating it if necessary.
 * @throws NodeJS.ErrnoException that says why it cannot be written to
 */
export function makeDataDir(): string {
  const folder = path.resolve(config.dataDir);
  let place = folder;
  while (!existsSync(place)) place = path.dirname(place);
  // Node's recursive mkdir reports ENOENT on a read-only file system.
  accessSync(place, constants.W_OK);
  mkdirSync(folder, { recursive: true });
  return folder;
}
