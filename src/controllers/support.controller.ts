import { Reply, type RouteRequest } from '../http/route';
import type { SupportMessageBody } from '../schemas/support.schemas';
import * as staff from '../services/support/manage-support-tickets';
import * as tickets from '../services/support/open-support-ticket';
import * as replies from '../services/support/support-replies';
import * as messages from '../services/support/write-support-message';

interface Id {
  id: number;
}

type ReplyValues = Parameters<typeof replies.createSupportReply>[1];

export function open({ actor, body }: RouteRequest<'user', unknown, unknown, tickets.OpenSupportTicket>) {
  return tickets.openSupportTicket(actor, body);
}

export function list({ actor, query }: RouteRequest<'user', unknown, tickets.ListSupportTickets>) {
  return tickets.listSupportTickets(actor, query);
}

export function get({ actor, params }: RouteRequest<'user', Id>) {
  return tickets.getSupportTicket(actor, params.id);
}

export function write({ actor, params, body }: RouteRequest<'user', Id, unknown, SupportMessageBody>) {
  return messages.writeSupportMessage(actor, { supportTicketId: params.id, ...body });
}

export function close({ actor, params }: RouteRequest<'user', Id>) {
  return messages.closeSupportTicket(actor, params.id);
}

export function reopen({ actor, params }: RouteRequest<'user', Id>) {
  return messages.reopenSupportTicket(actor, params.id);
}

export function rate({ actor, params, body }: RouteRequest<'user', Id, unknown, messages.RateSupportTicket>) {
  return messages.rateSupportTicket(actor, params.id, body);
}

export function queue({ actor, query }: RouteRequest<'organizer', unknown, staff.ListSupportQueue>) {
  return staff.listSupportQueue(actor, query);
}

export function update({ actor, params, body }: RouteRequest<'organizer', Id, unknown, staff.UpdateSupportTicket>) {
  return staff.updateSupportTicket(actor, params.id, body);
}

export function addNote({ actor, params, body }: RouteRequest<'organizer', Id, unknown, { message: string }>) {
  return staff.addSupportNote(actor, params.id, body.message);
}

export function notes({ actor, params }: RouteRequest<'organizer', Id>) {
  return staff.listSupportNotes(actor, params.id);
}

export function listStaff({ actor, params }: RouteRequest<'organizer', Id>) {
  return staff.listSupportStaff(actor, params.id);
}

export async function merge({ actor, params, body }: RouteRequest<'organizer', Id, unknown, { intoId: number }>) {
  const into = await staff.mergeSupportTicket(actor, params.id, body.intoId);
  return new Reply(into, { message: 'The messages are in this support ticket now.' });
}

export function listReplies({ actor }: RouteRequest<'organizer'>) {
  return replies.listSupportReplies(actor);
}

export function createReply({ actor, body }: RouteRequest<'organizer', unknown, unknown, ReplyValues>) {
  return replies.createSupportReply(actor, body);
}

export function updateReply({ actor, params, body }: RouteRequest<'organizer', Id, unknown, Partial<ReplyValues>>) {
  return replies.updateSupportReply(actor, params.id, body);
}

export async function removeReply({ actor, params }: RouteRequest<'organizer', Id>) {
  await replies.deleteSupportReply(actor, params.id);
}
