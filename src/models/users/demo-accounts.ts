import type { Db } from '../../database';

export interface DemoCandidate {
  id: number;
  passwordHash: string;
  /** The password hash is the one from the demo data. */
  hasSeedHash: boolean;
}

// The same as in database/seeds.
const SEED_HASH = '$2b$12$B.HU3HAwOkNCWZIlEvChw.5h4wLktMQuH8yDhBPqZ4bIE8ULACslG';

/** Lists active accounts with the password or the domain of the demo data. */
export async function listDemoCandidates(db: Db): Promise<DemoCandidate[]> {
  const { rows } = await db.raw<{ rows: DemoCandidate[] }>(
    `SELECT id, password_hash AS "passwordHash", password_hash = :hash AS "hasSeedHash" FROM users
     WHERE status = 'active' AND (password_hash = :hash OR lower(email) LIKE '%@bilten.example') ORDER BY id`,
    { hash: SEED_HASH },
  );
  return rows;
}
