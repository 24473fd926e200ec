import type { Db } from '../../database';
import { bool, int4, query, statement, text, type ResultOf } from '../statement';

// The same as in database/seeds.
const SEED_HASH = '$2b$12$B.HU3HAwOkNCWZIlEvChw.5h4wLktMQuH8yDhBPqZ4bIE8ULACslG';

const CANDIDATES = statement({
  name: 'users-demo-candidates',
  columns: {
    id: int4('id'),
    passwordHash: text('password_hash'),
    /** The password hash is the one from the demo data. */
    hasSeedHash: bool('password_hash = :hash'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM users
  WHERE status = 'active' AND (password_hash = :hash OR lower(email) LIKE '%@bilten.example')
  ORDER BY id`,
});

export type DemoCandidate = ResultOf<typeof CANDIDATES>;

/** Lists active accounts with the password or the domain of the demo data. */
export async function listDemoCandidates(db: Db): Promise<DemoCandidate[]> {
  return query(db, CANDIDATES, { hash: SEED_HASH });
}
