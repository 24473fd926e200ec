import { errorTable, type ErrorCode } from '../../errors';
import { listErrorCodes } from '../failures';
import { toDocumentedPath, type OpenApi } from '.';
import type { Route } from '../route';

function renderFailureTable(codes: ErrorCode[]): string {
  const rows = codes.map((code) => `| ${errorTable[code][0]} | \`${code}\` | ${errorTable[code][1]} |`);
  return ['| status | code | meaning |', '|---|---|---|', ...rows].join('\n');
}

/**
 * The document as the page shows it: the failures of an operation are one table without bodies, which are all alike. Clients that are
 * generated get them in full.
 */
export function toPageDocument(document: OpenApi, routes: Route[]): OpenApi {
  const paths = structuredClone(document.paths);
  for (const route of routes) {
    const operation = paths[toDocumentedPath(route)]![route.method]!;
    const successes = Object.entries(operation.responses).filter(([status]) => Number(status) < 400);
    operation.responses = {
      ...Object.fromEntries(successes),
      default: { description: renderFailureTable(listErrorCodes(route)) },
    };
  }
  return { ...document, paths };
}
