import type { Db } from '../database';
import { bool, execute, queryOne, statement } from './statement';

/** Who causes a mail: an organizer writes to attendees, a customer names them. */
export type SenderRole = 'organizer' | 'booker';

/** Returns whether the account with this address has verified it; undefined if there is no account. `email` must be in lower case. */
export async function findAddress(db: Db, email: string): Promise<{ isVerified: boolean } | undefined> {
  return db('users')
    .whereRaw('lower(email) = ?', [email])
    .whereNull('erased_at')
    .first({ isVerified: db.raw<boolean>('email_verified_at IS NOT NULL') });
}

const PAID = `p.captured > p.refunded AND NOT p.is_disputed`;

const toPaidSalesStatement = (role: SenderRole, sales: string) =>
  statement({
    name: `strangers-paid-sales-${role}`,
    columns: { found: bool(`EXISTS (${sales})`) },
    sql: (list) => `SELECT ${list}`,
  });

const HAS_PAID_SALES = {
  // Sales of organizers to themselves do not count.
  organizer: toPaidSalesStatement(
    'organizer',
    `
    SELECT
    FROM events e
    JOIN orders o ON o.event_id = e.id
    JOIN payments p ON p.order_id = o.id
    WHERE e.organizer_id = :senderId AND o.user_id <> :senderId AND ${PAID}
    UNION ALL
    SELECT
    FROM order_items i
    JOIN orders o ON o.id = i.order_id
    JOIN payments p ON p.order_id = o.id
    WHERE i.seller_id = :senderId AND o.user_id <> :senderId AND ${PAID}
  `,
  ),
  booker: toPaidSalesStatement(
    'booker',
    `
    SELECT
    FROM orders o
    JOIN payments p ON p.order_id = o.id
    WHERE o.user_id = :senderId AND ${PAID}
  `,
  ),
};

interface Sender {
  senderId: number;
  role: SenderRole;
}

/** Returns whether this organizer has received, or this customer has made, a payment that was not refunded. */
export async function hasPaidSales(db: Db, { senderId, role }: Sender): Promise<boolean> {
  const { found } = await queryOne(db, HAS_PAID_SALES[role], { senderId });
  return found;
}

const COUNT_MAIL = statement({
  name: 'strangers-count-mail',
  columns: {},
  sql: () => `
  INSERT INTO stranger_mail_counts AS c (sender_id, role, day, mails)
  VALUES (:senderId, :role, (now() AT TIME ZONE 'UTC')::date, 1)
  ON CONFLICT (sender_id, role, day) DO UPDATE
  SET mails = c.mails + 1
  WHERE c.mails < :limit`,
});

/** Counts a mail of today; false if the limit was reached. Concurrent calls cannot exceed the limit. */
export async function tryCountMailToday(db: Db, { limit, ...sender }: Sender & { limit: number }): Promise<boolean> {
  return (await execute(db, COUNT_MAIL, { ...sender, limit })) > 0;
}

/** Deletes the counts of past days. Returns how many. */
export async function deleteOldCounts(db: Db, days: number): Promise<number> {
  return db('stranger_mail_counts').whereRaw(`day < (now() AT TIME ZONE 'UTC')::date - ?::int`, [days]).delete();
}
