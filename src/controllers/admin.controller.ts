import type { RouteRequest } from '../http/route';
import { listAuditEntries, type ListAuditEntries } from '../services/audit.service';
import { listAllBookings, type ListAllBookings } from '../services/bookings.admin.service';
import { listAllEvents, type ListAllEvents } from '../services/events.list.service';
import { checkInventory as check, type CheckInventory } from '../services/inventory.check.service';
import { listAllOrders, type ListAllOrders } from '../services/orders.admin.service';
import type { ChangeAccess } from '../services/users.access.service';
import { getUser, listUsers, updateUser, type ListUsers } from '../services/users.admin.service';

interface Id {
  id: number;
}

export function users({ query }: RouteRequest<'admin', unknown, ListUsers>) {
  return listUsers(query);
}

export function user({ params }: RouteRequest<'admin', Id>) {
  return getUser(params.id);
}

export function changeUser({ actor, params, body }: RouteRequest<'admin', Id, unknown, ChangeAccess>) {
  return updateUser(actor, params.id, body);
}

export function events({ query }: RouteRequest<'admin', unknown, ListAllEvents>) {
  return listAllEvents(query);
}

export function bookings({ query }: RouteRequest<'admin', unknown, ListAllBookings>) {
  return listAllBookings(query);
}

export function orders({ query }: RouteRequest<'admin', unknown, ListAllOrders>) {
  return listAllOrders(query);
}

export function auditLog({ query }: RouteRequest<'admin', unknown, ListAuditEntries>) {
  return listAuditEntries(query);
}

export function checkInventory({ query }: RouteRequest<'admin', unknown, CheckInventory>) {
  return check(query);
}
