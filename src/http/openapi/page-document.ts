import { errorTable, type ErrorCode } from '../../errors';
import { listErrorCodes } from '../failures';
import { toDocumentedPath, type OpenApi } from '.';
import type { Route } from '../route';

function renderFailureTable(codes: ErrorCode[]): string {
  const rows = codes.map((code) => `| ${errorTable[code][0]} | \`${code}\` | ${errorTable[code][1]} |`);
  return ['| status | code | meaning |', '|---|---|---|', ...rows].join('\n');
}

/**
 * Returns the document for Swagger UI. All failures look alike, so each operation lists them in one table instead of one body per status;
 * generated clients get the full document.
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
