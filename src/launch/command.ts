import { openDatabase, type OpenDatabase } from './database';
import { resolveJwtSecret } from './apply-settings';

/** Does the work of a command of the terminal on the database that `npm start` would use, started for it if need be. */
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
