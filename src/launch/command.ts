import { openDatabase, type OpenDatabase } from './database';
import { resolveJwtSecret } from './apply-settings';

/** Runs a command on the database that `npm start` would use, starting it if necessary. */
export async function runCommand(work: (open: OpenDatabase) => Promise<void>): Promise<void> {
  resolveJwtSecret();
  const open = await openDatabase();
  try {
    await work(open);
  } finally {
    await open.stop();
  }
  process.exit(0);
}
