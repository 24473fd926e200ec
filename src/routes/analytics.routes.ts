import * as analytics from '../controllers/analytics.controller';
import { route } from '../http/route';
import { analytics as analyticsAnswer, analyticsQuery, dashboard, dashboardQuery } from '../schemas/analytics.schemas';

const SAYS =
  'Figures of days are a few seconds old, those of how things stand at most some minutes: the answer says how old.';

export const analyticsRoutes = [
  route({
    method: 'get',
    path: '/admin/dashboard',
    id: 'getDashboard',
    tag: 'Admin',
    summary: 'How things go, at a glance',
    description: SAYS,
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
    summary: 'What happened by day, week or month',
    access: 'admin',
    query: analyticsQuery,
    status: 200,
    response: analyticsAnswer,
    errors: [],
    handler: analytics.analytics,
  }),
  route({
    method: 'get',
    path: '/organizers/me/dashboard',
    id: 'getOwnDashboard',
    tag: 'Events',
    summary: 'How your own events go, at a glance',
    description: SAYS,
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
    summary: 'What happened at your own events by day, week or month',
    access: 'organizer',
    query: analyticsQuery,
    status: 200,
    response: analyticsAnswer,
    errors: [],
    handler: analytics.ownAnalytics,
  }),
];
