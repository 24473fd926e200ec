import { randomBytes } from 'node:crypto';

// The same as in database/seeds.
const DEMO_EMAILS = ['organizer@bilten.example', 'customer@bilten.example'];
const DEFAULT_EMAIL = 'admin@bilten.example';

export interface MadeAdmin {
  email: string;
  /** Set only if it was generated, because nobody else knows it then. */
  password?: string;
}

/** Creates the first admin from the settings; otherwise, on the embedded database, one with a generated password. */
export async function makeFirstAdmin({ isEmbedded }: { isEmbedded: boolean }): Promise<MadeAdmin | undefined> {
  const { getConfiguredAdmin, ensureFirstAdmin } = await import('../services/users/change-access.js');
  const configured = getConfiguredAdmin();
  if (configured) return (await ensureFirstAdmin(configured)) && { email: configured.email };
  if (!isEmbedded) return undefined;
  const password = randomBytes(12).toString('base64url');
  return (await ensureFirstAdmin({ email: DEFAULT_EMAIL, password })) && { email: DEFAULT_EMAIL, password };
}

/** Describes the existing demo accounts; undefined if there are none. */
export async function describeDemoAccounts(): Promise<string | undefined> {
  const { database } = await import('../database/index.js');
  const { findAccountByAddress } = await import('../services/users/accounts.js');
  const { DEMO_PASSWORD } = await import('../services/users/demo-accounts.js');
  const found = await Promise.all(DEMO_EMAILS.map((email) => findAccountByAddress(database, email)));
  const emails = found.flatMap((account) => account?.email ?? []);
  return emails.length ? `${emails.join(' and ')}, password ${DEMO_PASSWORD}` : undefined;
}
