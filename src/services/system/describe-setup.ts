import { config } from '../../config';
import { database } from '../../database';
import { listMissingParts } from '../../config/warnings';
import { findRolePowers } from '../../models/system/role-powers';

/** Describes excessive rights of the database role; undefined if it has none. */
export async function describeRolePowers(): Promise<string | undefined> {
  const { role, isSuperuser, bypassesRows, ownsTables } = await findRolePowers(database);
  if (!isSuperuser && !bypassesRows && !ownsTables) return undefined;
  const power = isSuperuser ? 'is a superuser' : ownsTables ? 'owns the tables' : 'bypasses row-level security';
  return (
    `The database role ${role} ${power}, so a vulnerability could change the schema and read everything. ` +
    'Set DATABASE_URL to a role with fewer rights, and DATABASE_OWNER_URL to the owner for migrations.'
  );
}

/** Lists the optional parts that are missing, and questionable settings. */
export function describeSetup() {
  return { missing: listMissingParts(config), warnings: config.warnings };
}
