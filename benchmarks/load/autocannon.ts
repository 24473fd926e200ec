import autocannon, { type Request } from 'autocannon';
import { bodyIndex, type Load, type LoadOptions, type Walk } from './load';

/** Generates load on machines without wrk. It takes several times as much CPU time away from the server. */
export async function autocannonLoad(
  walk: Walk,
  { port, connections, seconds, rate, first }: LoadOptions,
): Promise<Load> {
  const { method, paths, tokens = [], bodies = [] } = walk;
  let n = first;
  const setupRequest = (request: Request): Request => {
    const token = tokens[n % tokens.length];
    const body = bodies[bodyIndex(n, walk)];
    const headers = {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    };
    const next = { ...request, method, path: paths[n % paths.length], headers, body };
    n += 1;
    return next;
  };
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections,
    duration: seconds,
    timeout: 20,
    ...(rate && { overallRate: rate }),
    requests: [{ setupRequest } as Request],
  });
  if (result.errors + result.timeouts > 0) throw new Error(`${result.errors} requests got no answer`);
  const requests = result.requests.total;
  return {
    requests,
    refused: result.non2xx,
    rate: requests / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}
