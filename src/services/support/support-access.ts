import type { Db, Trx } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { findSupportTicket, lockSupportTicket, type SupportTicketRow } from '../../models/support/support-tickets';

/** True for admins, and for organizers whose event or product it is about. */
export function isStaff({ userId, role }: Actor, { organizerIds }: SupportTicketRow): boolean {
  return role === 'admin' || (role === 'organizer' && organizerIds.includes(userId));
}

type Side = 'customer' | 'staff' | 'either';

function assertSide(actor: Actor, ticket: SupportTicketRow | undefined, side: Side): SupportTicketRow {
  const isCustomer = ticket?.userId === actor.userId && side !== 'staff';
  if (!ticket || !(isCustomer || (side !== 'customer' && isStaff(actor, ticket))))
    throw new AppError('NOT_FOUND', 'Support ticket not found.');
  return ticket;
}

/** A support ticket as seen from one side. */
interface Place {
  id: number;
  /** Defaults to either. */
  side?: Side;
}

/** @throws AppError NOT_FOUND, also for support tickets that do not concern the actor */
export async function getAccessible(db: Db, actor: Actor, { id, side = 'either' }: Place): Promise<SupportTicketRow> {
  return assertSide(actor, await findSupportTicket(db, id), side);
}

/** Step: locks a support ticket against other changes. @throws AppError NOT_FOUND */
export async function lockAccessible(
  trx: Trx,
  actor: Actor,
  { id, side = 'either' }: Place,
): Promise<SupportTicketRow> {
  await getAccessible(trx, actor, { id, side });
  return assertSide(actor, await lockSupportTicket(trx, id), side);
}
