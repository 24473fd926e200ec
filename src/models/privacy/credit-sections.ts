import type { Section } from '../privacy.model';

/** What is held about a user's credits and licenses. */
export const creditSections: Record<string, Section> = {
  credits: {
    sql: `
    SELECT
      row_number() OVER (ORDER BY currency) AS id,
      currency,
      balance,
      held
    FROM credit_balances
    WHERE user_id = :userId`,
  },
  creditEntries: { sql: 'SELECT * FROM credit_entries WHERE user_id = :userId', omit: ['created_by'] },
  creditLots: { sql: 'SELECT * FROM credit_lots WHERE user_id = :userId' },
  creditHolds: { sql: 'SELECT * FROM credit_holds WHERE user_id = :userId' },
  licenses: { sql: 'SELECT * FROM licenses WHERE user_id = :userId', omit: ['key_hash', 'encrypted_key'] },
  licenseActivations: {
    sql: 'SELECT * FROM license_activations WHERE license_id IN (SELECT id FROM licenses WHERE user_id = :userId)',
  },
  creditLedgerEntries: {
    sql: 'SELECT * FROM ledger_entries WHERE credit_entry_id IN (SELECT id FROM credit_entries WHERE user_id = :userId)',
  },
};

/** What is forgotten of them with the account. The entries themselves are part of the books. */
export const creditErasures = {
  creditReasons: 'UPDATE credit_entries SET reason = NULL WHERE user_id = :userId AND reason IS NOT NULL',
  // What was bought stays valid for whoever has the key; which devices it was used on is forgotten.
  licenseActivations:
    'DELETE FROM license_activations WHERE license_id IN (SELECT id FROM licenses WHERE user_id = :userId)',
};
