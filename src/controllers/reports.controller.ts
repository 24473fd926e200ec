import type { Readable } from 'node:stream';
import type { Download, RouteRequest } from '../http/route';
import { exportRevenue } from '../services/analytics/export-revenue';
import type { Analyze } from '../services/analytics/analyze';
import { exportReport } from '../services/reports.service';

type Name = Parameters<typeof exportReport>[0];
type Range = Parameters<typeof exportReport>[1];

const toCsvDownload = (name: string, content: Readable): Download => ({
  content,
  contentType: 'text/csv; charset=utf-8',
  filename: `${name}.csv`,
});

export const report =
  (name: Name) =>
  ({ query }: RouteRequest<'admin', unknown, Range>): Download =>
    toCsvDownload(name, exportReport(name, query));

export async function revenue({ actor, query }: RouteRequest<'admin', unknown, Analyze>): Promise<Download> {
  return toCsvDownload('revenue', await exportRevenue(actor, query));
}
