import type { Db } from '../../database';
import { bool, queryOne, statement, text, type ResultOf } from '../statement';

const POWERS = statement({
  name: 'system-role-powers',
  columns: {
    role: text('r.rolname::text'),
    isSuperuser: bool('r.rolsuper'),
    bypassesRows: bool('r.rolbypassrls'),
    ownsTables: bool(
      "EXISTS (SELECT FROM pg_class c WHERE c.oid = 'users'::regclass AND pg_has_role(c.relowner, 'USAGE'))",
    ),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM pg_roles r
  WHERE r.rolname = current_user`,
});

export type RolePowers = ResultOf<typeof POWERS>;

export async function findRolePowers(db: Db): Promise<RolePowers> {
  return queryOne(db, POWERS);
}
