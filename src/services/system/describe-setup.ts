import { config } from '../../config';
import { database } from '../../database';
import { listMissingParts } from '../../config/warnings';
import { findRolePowers } from '../../models/system/role-powers';

/** What the database's role may do that the program never does, as a sentence; undefined where it is the program's alone. */
export async function describeRolePowers(): Promise<string | undefined> {
  const { role, isSuperuser, bypassesRows, ownsTables } = await findRolePowers(database);
  if (!isSuperuser && !bypassesRows && !ownsTables) return undefined;
  const power = isSuperuser ? 'is a superuser' : ownsTables ? 'owns the tables' : 'bypasses row-level security';
  return (
    `The database role ${role} ${power}: a hole in the program could change the schema and read everything. ` +
    'Give the program a role of its own in DATABASE_URL, and the owner in DATABASE_OWNER_URL for migrations.'
  );
}

/** What this process does without, and which of its settings are hardly meant. */
export function describeSetup() {
  return { missing: listMissingParts(config), warnings: config.warnings };
}
