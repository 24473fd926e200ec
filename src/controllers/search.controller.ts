import type { RouteRequest } from '../http/route';
import { searchEverything } from '../services/search.service';

export function search({ actor, query }: RouteRequest<'admin', unknown, { q: string }>) {
  return searchEverything(actor, query.q);
}
