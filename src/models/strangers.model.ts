import type { Db } from '../database';

/** Whose doing a mail is: an organizer writes to those who come, a booker names them. */
export type SenderRole = 'organizer' | 'booker';

/** Whether there is an account with this address, and whether it has shown that the address is its own; `email` in lower case. */
export async function findAddress(db: Db, email: string): Promise<{ isVerified: boolean } | undefined> {
  return db('users')
    .whereRaw('lower(email) = ?', [email])
    .whereNull('erased_at')
    .first<{ isVerified: boolean } | undefined>(db.raw('email_verified_at IS NOT NULL AS "isVerified"'));
}

const PAID = `p.captured > p.refunded AND NOT p.is_disputed`;

const HAS_PAID_SALES: Record<SenderRole, string> = {
  // What organizers sell to themselves proves nothing.
  organizer: `SELECT FROM events e JOIN orders o ON o.event_id = e.id JOIN payments p ON p.order_id = o.id
    WHERE e.organizer_id = :senderId AND o.user_id <> :senderId AND ${PAID}`,
  booker: `SELECT FROM orders o JOIN payments p ON p.order_id = o.id WHERE o.user_id = :senderId AND ${PAID}`,
};

interface Sender {
  senderId: number;
  role: SenderRole;
}

/** Whether money has been paid for what this organizer sells, or by this booker, and was not given back. */
export async function hasPaidSales(db: Db, { senderId, role }: Sender): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { found: boolean }[] }>(`SELECT EXISTS (${HAS_PAID_SALES[role]}) AS found`, {
    senderId,
  });
  return rows[0]!.found;
}

/** Counts one more mail of today, unless there were `limit` already; false where there were. Of many at once no more than `limit` get through. */
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

/** Returns how many rows there were. */
export async function deleteOldCounts(db: Db, days: number): Promise<number> {
  return db('stranger_mail_counts').whereRaw(`day < (now() AT TIME ZONE 'UTC')::date - ?::int`, [days]).delete();
}
