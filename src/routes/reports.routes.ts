import * as reports from '../controllers/reports.controller';
import { route } from '../http/route';
import { analyticsQuery } from '../schemas/analytics.schemas';
import { reportQuery } from '../schemas/reports.schemas';

const tag = 'Admin';
const SAFE = 'The file is streamed, and safe to open in a spreadsheet.';

export const reportsRoutes = [
  ...(['bookings', 'orders', 'users', 'events'] as const).map((name) =>
    route({
      method: 'get',
      path: `/admin/reports/${name}.csv`,
      id: `export${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      tag,
      summary: `Export all ${name} as CSV`,
      description: SAFE,
      access: 'admin',
      query: reportQuery,
      stream: 'text/csv',
      status: 200,
      errors: [],
      handler: reports.report(name),
    }),
  ),
  route({
    method: 'get',
    path: '/admin/reports/revenue.csv',
    id: 'exportRevenue',
    tag,
    summary: 'Export revenue by day, week or month as CSV',
    description: `Contains one row for each period and currency. ${SAFE}`,
    access: 'admin',
    query: analyticsQuery,
    stream: 'text/csv',
    status: 200,
    errors: [],
    handler: reports.revenue,
  }),
];
