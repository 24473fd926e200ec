import type { Trx } from '../../database';
import type { TimeAndPlace } from '../../models/notifications/notification-data';
import { insertEventChange } from '../../models/notifications/event-changes';
import { wakeRelay } from '../outbox/add-messages';

interface Rescheduled {
  eventId: number;
  before: TimeAndPlace;
  requestId: string;
}

/** Step: has everybody who holds a ticket told by mail what changed about time and place; several changes are one mail. */
export async function addEventChange(trx: Trx, change: Rescheduled): Promise<void> {
  await insertEventChange(trx, change);
  trx.executionPromise?.then(wakeRelay, () => undefined);
}
