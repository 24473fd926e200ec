import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { config } from '../config';

/**
 * The folder of what the program keeps itself, made if it is not there.
 * @throws NodeJS.ErrnoException that says why it can't be written to
 */
export function makeDataDir(): string {
  const folder = path.resolve(config.dataDir);
  let place = folder;
  while (!existsSync(place)) place = path.dirname(place);
  // Node's own recursive mkdir says ENOENT on a read-only file system.
  accessSync(place, constants.W_OK);
  mkdirSync(folder, { recursive: true });
  return folder;
}
