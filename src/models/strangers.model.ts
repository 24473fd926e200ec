import type { Db } from '../database';

/** Who causes a mail: an organizer writes to attendees, a customer names them. */
export type SenderRole = 'organizer' | 'booker';

/** Returns whether the account with this address has verified it; undefined if there is no account. `email` must be in lower case. */
export async function findAddress(db: Db, email: string): Promise<{ isVerified: boolean } | undefined> {
  return db('users')
    .whereRaw('lower(email) = ?', [email])
    .whereNull('erased_at')
    .first<{ isVerified: boolean } | undefined>(db.raw('email_verified_at IS NOT NULL AS "isVerified"'));
}

const PAID = `p.captured > p.refunded AND NOT p.is_disputed`;

const HAS_PAID_SALES: Record<SenderRole, string> = {
  // Sales of organizers to themselves do not count.
  organizer: `SELECT FROM events e JOIN orders o ON o.event_id = e.id JOIN payments p ON p.order_id = o.id
    WHERE e.organizer_id = :senderId AND o.user_id <> :senderId AND ${PAID}`,
  booker: `SELECT FROM orders o JOIN payments p ON p.order_id = o.id WHERE o.user_id = :senderId AND ${PAID}`,
};

interface Sender {
  senderId: number;
  role: SenderRole;
}

/** Returns whether this organizer has received, or this customer has made, a payment that was not refunded. */
export async function hasPaidSales(db: Db, { senderId, role }: Sender): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { found: boolean }[] }>(`SELECT EXISTS (${HAS_PAID_SALES[role]}) AS found`, {
    senderId,
  });
  return rows[0]!.found;
}

/** Counts a mail of today; false if the limit was reached. Concurrent calls cannot exceed the limit. */
export async function tryCountMailToday(db: Db, { limit, ...sender }: Sender & { limit: number }): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `INSERT INTO stranger_mail_counts AS c (sender_id, role, day, mails)
     VALUES (:senderId, :role, (now() AT TIME ZONE 'UTC')::date, 1)
     ON CONFLICT (sender_id, role, day) DO UPDATE SET mails = c.mails + 1 WHERE c.mails < :limit
     RETURNING mails`,
    { ...sender, limit },
  );
  return rows.length > 0;
}

/** Deletes the counts of past days. Returns how many. */
export async function deleteOldCounts(db: Db, days: number): Promise<number> {
  return db('stranger_mail_counts').whereRaw(`day < (now() AT TIME ZONE 'UTC')::date - ?::int`, [days]).delete();
}
