import type { Db } from '../../database';

export interface DemoCandidate {
  id: number;
  passwordHash: string;
  /** Its password is that of the demo data, never changed and never hashed again. */
  hasSeedHash: boolean;
}

// As database/seeds has it.
const SEED_HASH = '$2b$12$B.HU3HAwOkNCWZIlEvChw.5h4wLktMQuH8yDhBPqZ4bIE8ULACslG';

/** Active accounts with the demo data's password or its domain. */
export async function listDemoCandidates(db: Db): Promise<DemoCandidate[]> {
  const { rows } = await db.raw<{ rows: DemoCandidate[] }>(
    `SELECT id, password_hash AS "passwordHash", password_hash = :hash AS "hasSeedHash" FROM users
     WHERE status = 'active' AND (password_hash = :hash OR lower(email) LIKE '%@bilten.example') ORDER BY id`,
    { hash: SEED_HASH },
  );
  return rows;
}
