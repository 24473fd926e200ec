import type { Db, Trx } from '../../database';
import { AppError } from '../../errors';
import { mayManage, type Actor } from '../../lib/actor';
import { findEvent, lockEvent, type EventRow } from '../../models/events/events';
import { lockSale } from '../inventory/lock-sale';

const EVENT_NOT_FOUND = 'Event not found.';

/** Returns whether the event can no longer be changed. */
export function isClosed({ status, isOver }: EventRow): boolean {
  return status === 'cancelled' || status === 'completed' || (status === 'published' && isOver);
}

/** @throws AppError EVENT_CLOSED */
export function assertOpen(event: EventRow): void {
  if (isClosed(event)) throw new AppError('EVENT_CLOSED');
}

function assertVisible(actor: Actor | undefined, event: EventRow | undefined): EventRow {
  if (!event || (event.status === 'draft' && !mayManage(actor, event.organizerId)))
    throw new AppError('NOT_FOUND', EVENT_NOT_FOUND);
  return event;
}

function assertManaged(actor: Actor, event: EventRow | undefined): EventRow {
  const visible = assertVisible(actor, event);
  if (!mayManage(actor, visible.organizerId))
    throw new AppError('FORBIDDEN', 'Only the organizer of this event may do this.');
  return visible;
}

/** @throws AppError NOT_FOUND, also for drafts of others */
export async function getVisibleEvent(db: Db, actor: Actor | undefined, id: number): Promise<EventRow> {
  return assertVisible(actor, await findEvent(db, id));
}

/** @throws AppError NOT_FOUND, FORBIDDEN */
export async function getManagedEvent(db: Db, actor: Actor, id: number): Promise<EventRow> {
  return assertManaged(actor, await findEvent(db, id));
}

/** Step: locks the event against other changes. @throws AppError NOT_FOUND, FORBIDDEN */
export async function lockManagedEvent(trx: Trx, actor: Actor, id: number): Promise<EventRow> {
  return assertManaged(actor, await lockEvent(trx, id));
}

/** Step: locks the event against other changes and against bookings. @throws AppError NOT_FOUND, FORBIDDEN */
export async function lockEventSale(trx: Trx, actor: Actor, id: number): Promise<EventRow> {
  // Checked before locking, so that a request without permission cannot hold up a sale.
  await getManagedEvent(trx, actor, id);
  await lockSale(trx, id);
  return lockManagedEvent(trx, actor, id);
}
