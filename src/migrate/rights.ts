import type { Knex } from 'knex';

interface TableProtection {
  name: string;
  is_open: boolean;
  has_policy: boolean;
  lacks_policy: boolean;
}

const LIST_UNPROTECTED = `
  SELECT c.oid::regclass::text AS name, NOT c.relrowsecurity AS is_open, p.oid IS NOT NULL AS has_policy,
         r.oid IS NOT NULL AND r.oid <> c.relowner AND NOT coalesce(r.oid = ANY (p.polroles), false) AS lacks_policy
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname IN ('public', 'bullmq')
  LEFT JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = 'program'
  LEFT JOIN pg_roles r ON r.rolname = :role
  WHERE c.relkind IN ('r', 'p') AND pg_has_role(c.relowner, 'USAGE') AND NOT pg_is_other_temp_schema(n.oid)
  ORDER BY 1`;

/** Enables row-level security on every table with a policy for the program's role only, so that other roles see no rows. */
async function protectRows(trx: Knex, role = ''): Promise<void> {
  const { rows } = await trx.raw<{ rows: TableProtection[] }>(LIST_UNPROTECTED, { role });
  for (const table of rows) {
    if (table.is_open) await trx.raw(`ALTER TABLE ${table.name} ENABLE ROW LEVEL SECURITY`);
    if (!table.lacks_policy) continue;
    if (table.has_policy) await trx.raw(`ALTER POLICY program ON ${table.name} TO ??`, [role]);
    else await trx.raw(`CREATE POLICY program ON ${table.name} TO ?? USING (true) WITH CHECK (true)`, [role]);
  }
}

/** Returns the role that an earlier migration granted rights to. */
export async function findProgramRole(db: Knex): Promise<string | undefined> {
  const { rows } = await db.raw<{ rows: { role: string }[] }>(
    `SELECT r.rolname AS role FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles)
     WHERE p.polname = 'program' AND p.polrelid = to_regclass('users')`,
  );
  return rows[0]?.role;
}

/** @throws Error with a sentence to act on */
export async function assertRoleExists(db: Knex, role: string): Promise<void> {
  const { rows } = await db.raw<{ rows: object[] }>('SELECT FROM pg_roles WHERE rolname = ?', [role]);
  if (rows.length > 0) return;
  throw new Error(
    `The role "${role}" of DATABASE_URL does not exist: create it (CREATE ROLE "${role}" LOGIN PASSWORD '…'), and migrate again.`,
  );
}

/** Grants the program's role the use of every table, but no schema changes. */
async function grant(trx: Knex, role: string): Promise<void> {
  for (const schema of ['public', 'bullmq']) {
    await trx.raw('GRANT USAGE ON SCHEMA ?? TO ??', [schema, role]);
    await trx.raw('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ?? TO ??', [schema, role]);
    await trx.raw('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ?? TO ??', [schema, role]);
  }
  await trx.raw('REVOKE INSERT, UPDATE, DELETE ON knex_migrations, knex_migrations_lock, bullmq.migration FROM ??', [
    role,
  ]);
}

/** Grants the rights of the program's role and enables row-level security on every table. */
export async function setRights(trx: Knex, programRole: string | undefined): Promise<void> {
  const { rows } = await trx.raw<{ rows: { owner: string }[] }>('SELECT current_user AS owner');
  const given = programRole ?? (await findProgramRole(trx));
  const role = given === rows[0]!.owner ? undefined : given;
  if (role) await grant(trx, role);
  await protectRows(trx, role);
}
