import type { Db } from '../../database';

export interface RolePowers {
  role: string;
  isSuperuser: boolean;
  bypassesRows: boolean;
  ownsTables: boolean;
}

export async function findRolePowers(db: Db): Promise<RolePowers> {
  const { rows } = await db.raw<{ rows: RolePowers[] }>(
    `SELECT r.rolname AS role, r.rolsuper AS "isSuperuser", r.rolbypassrls AS "bypassesRows",
            EXISTS (SELECT FROM pg_class c WHERE c.oid = 'users'::regclass AND pg_has_role(c.relowner, 'USAGE')) AS "ownsTables"
     FROM pg_roles r WHERE r.rolname = current_user`,
  );
  return rows[0]!;
}
