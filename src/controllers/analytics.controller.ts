import type { RouteRequest } from '../http/route';
import { getDashboard } from '../services/analytics/get-dashboard';
import { analyze, type Analyze } from '../services/analytics/analyze';

export function dashboard({ actor, query }: RouteRequest<'admin', unknown, { timezone: string }>) {
  return getDashboard(actor, 'everybody', query);
}

export function ownDashboard({ actor, query }: RouteRequest<'organizer', unknown, { timezone: string }>) {
  return getDashboard(actor, 'own', query);
}

export function analytics({ actor, query }: RouteRequest<'admin', unknown, Analyze>) {
  return analyze(actor, 'everybody', query);
}

export function ownAnalytics({ actor, query }: RouteRequest<'organizer', unknown, Analyze>) {
  return analyze(actor, 'own', query);
}
