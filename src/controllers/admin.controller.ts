import type { RouteRequest } from '../http/route';
import { listAuditEntries, type ListAuditEntries } from '../services/audit/record-activity';
import { listAllBookings, type ListAllBookings } from '../services/bookings/list-all-bookings';
import { listAllEvents, type ListAllEvents } from '../services/events/list-events';
import { checkInventory as check, type CheckInventory } from '../services/inventory/check-inventory';
import { listAllOrders, type ListAllOrders } from '../services/orders/list-all-orders';
import type { ChangeAccess } from '../services/users/change-access';
import { getUser, listUsers, updateUser, type ListUsers } from '../services/users/manage-users';

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
