import type { Trx } from '../../database';
import type { TimeAndPlace } from '../../models/notifications/notification-data';
import { insertEventChange } from '../../models/notifications/event-changes';
import { wakeRelay } from '../outbox/add-messages';

interface ScheduleChange {
  eventId: number;
  before: TimeAndPlace;
  requestId: string;
}

/** Step: records a change of time or place, about which all ticket holders are mailed. Several changes become one mail. */
export async function addEventChange(trx: Trx, change: ScheduleChange): Promise<void> {
  await insertEventChange(trx, change);
  trx.executionPromise?.then(wakeRelay, () => undefined);
}
