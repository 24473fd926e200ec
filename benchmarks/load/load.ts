/**
 * Requests by number: the n-th has the n-th path, token and body, each list walked round and round.
 * Bodies move on when all tokens have been used; with `spread` they also move on with every request,
 * so that no token meets a body twice before it has met all of them.
 */
export interface Walk {
  method: 'GET' | 'POST';
  paths: string[];
  tokens?: string[];
  bodies?: string[];
  spread?: boolean;
}

export interface LoadOptions {
  port: number;
  connections: number;
  seconds: number;
  /** Requests per second; as fast as answers come where it is left out. */
  rate?: number;
  /** Number of the first request. */
  first: number;
}

export interface Load {
  requests: number;
  /** Answers with a status of 400 and more. */
  refused: number;
  /** Answers per second. */
  rate: number;
  p50Ms: number;
  p99Ms: number;
}

export type Generator = (walk: Walk, options: LoadOptions) => Promise<Load>;

/** Index of the body of request `n`. */
export function bodyIndex(n: number, { tokens, bodies, spread }: Walk): number {
  const times = Math.floor(n / Math.max(1, tokens?.length ?? 0));
  return ((spread ? n : 0) + times) % Math.max(1, bodies?.length ?? 0);
}
