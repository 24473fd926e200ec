import * as analytics from '../controllers/analytics.controller';
import { route } from '../http/route';
import {
  analytics as analyticsResponse,
  analyticsQuery,
  dashboard,
  dashboardQuery,
} from '../schemas/analytics.schemas';

const FRESHNESS =
  'Daily figures lag by a few seconds, and totals by at most a few minutes: see `countedUntil` and `standingAt` in the response.';

export const analyticsRoutes = [
  route({
    method: 'get',
    path: '/admin/dashboard',
    id: 'getDashboard',
    tag: 'Admin',
    summary: 'Get the admin dashboard',
    description: FRESHNESS,
    access: 'admin',
    query: dashboardQuery,
    status: 200,
    response: dashboard,
    errors: [],
    handler: analytics.dashboard,
  }),
  route({
    method: 'get',
    path: '/admin/analytics',
    id: 'analyze',
    tag: 'Admin',
    summary: 'Get analytics by day, week or month',
    access: 'admin',
    query: analyticsQuery,
    status: 200,
    response: analyticsResponse,
    errors: [],
    handler: analytics.analytics,
  }),
  route({
    method: 'get',
    path: '/organizers/me/dashboard',
    id: 'getOwnDashboard',
    tag: 'Events',
    summary: 'Get the dashboard of your events',
    description: FRESHNESS,
    access: 'organizer',
    query: dashboardQuery,
    status: 200,
    response: dashboard,
    errors: [],
    handler: analytics.ownDashboard,
  }),
  route({
    method: 'get',
    path: '/organizers/me/analytics',
    id: 'analyzeOwn',
    tag: 'Events',
    summary: 'Get analytics of your events by day, week or month',
    access: 'organizer',
    query: analyticsQuery,
    status: 200,
    response: analyticsResponse,
    errors: [],
    handler: analytics.ownAnalytics,
  }),
];
