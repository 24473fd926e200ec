import type { Db, Trx } from '../../database';
import type { Shaped } from '../../database/query';
import { execute, statement } from '../statement';
import type { TimeAndPlace } from './notification-data';

const BEFORE = 'before' as Shaped<'before', TimeAndPlace>;

/** After a notification about a change, further changes are collected for this long. */
const GATHER_SECONDS = 300;
/** Changes made in quick succession are collected into one. */
const DELAY_SECONDS = 2;

const INSERT_EVENT_CHANGE = statement({
  name: 'insert-event-change',
  columns: {},
  // Locks the open row of the event: the message about it, if it is being sent right now, either includes this change or has closed
  // the row, and then this change gets a new one.
  // What was told while the clock was ahead delays nothing.
  sql: () => `
  WITH change AS (
    INSERT INTO event_changes AS c (event_id, before) VALUES (:eventId, :before::jsonb)
    ON CONFLICT (event_id) WHERE told_at IS NULL DO UPDATE SET event_id = c.event_id
    RETURNING id, xmax = 0 AS is_new
  )
  INSERT INTO outbox_messages (topic, payload, status, available_at, request_id)
  SELECT 'event.rescheduled', jsonb_build_object('changeId', id), 'delayed',
    greatest(now() + make_interval(secs => :delay),
             (SELECT max(told_at) + make_interval(secs => :gather) FROM event_changes
              WHERE event_id = :eventId AND told_at <= now() + interval '1 minute')),
    :requestId
  FROM change WHERE is_new`,
});

/**
 * Schedules a mail to the customers of an event whose time or place is no longer as `before`: in a moment, or five minutes after
 * the previous one. Changes until then are part of it. `trx` must have locked the event.
 */
export async function insertEventChange(
  trx: Trx,
  { eventId, before, requestId }: { eventId: number; before: TimeAndPlace; requestId: string | null },
): Promise<void> {
  await execute(trx, INSERT_EVENT_CHANGE, {
    eventId,
    before: JSON.stringify(before),
    requestId,
    delay: DELAY_SECONDS,
    gather: GATHER_SECONDS,
  });
}

/** Closes a change, so that further changes start a new one. Undefined if there is no such change. */
export async function updateChangeNotified(
  db: Db,
  changeId: number,
): Promise<{ eventId: number; before: TimeAndPlace } | undefined> {
  await db('event_changes').where({ id: changeId }).whereNull('told_at').update({ told_at: db.fn.now() });
  return db('event_changes').where({ id: changeId }).first({ eventId: 'event_id', before: BEFORE });
}

export async function findTimeAndPlaceBefore(db: Db, changeId: number): Promise<TimeAndPlace | undefined> {
  const row = await db('event_changes').where({ id: changeId }).first({ before: BEFORE });
  return row?.before;
}
