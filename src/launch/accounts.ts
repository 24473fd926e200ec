import { randomBytes } from 'node:crypto';

// As database/seeds has them.
const DEMO_EMAILS = ['organizer@bilten.example', 'customer@bilten.example'];
const MADE_UP_EMAIL = 'admin@bilten.example';

export interface MadeAdmin {
  email: string;
  /** Only where it was made up: nobody else knows it. */
  password?: string;
}

/** Makes the first admin: the one in the settings, else, on the program's own database, one with a password made up now. */
export async function makeFirstAdmin({ isEmbedded }: { isEmbedded: boolean }): Promise<MadeAdmin | undefined> {
  const { getConfiguredAdmin, ensureFirstAdmin } = await import('../services/users/change-access.js');
  const configured = getConfiguredAdmin();
  if (configured) return (await ensureFirstAdmin(configured)) && { email: configured.email };
  if (!isEmbedded) return undefined;
  const password = randomBytes(12).toString('base64url');
  return (await ensureFirstAdmin({ email: MADE_UP_EMAIL, password })) && { email: MADE_UP_EMAIL, password };
}

/** The demo accounts that are here, in words; undefined where there are none. */
export async function describeDemoAccounts(): Promise<string | undefined> {
  const { database } = await import('../database.js');
  const { findAccountByAddress } = await import('../services/users/accounts.js');
  const { DEMO_PASSWORD } = await import('../services/users/demo-accounts.js');
  const found = await Promise.all(DEMO_EMAILS.map((email) => findAccountByAddress(database, email)));
  const emails = found.flatMap((account) => account?.email ?? []);
  return emails.length ? `${emails.join(' and ')}, password ${DEMO_PASSWORD}` : undefined;
}
