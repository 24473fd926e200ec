/**
 * Numbered requests: the n-th has the n-th path, token and body, and each list repeats.
 * Bodies advance when all tokens have been used; with `spread` they also advance with every request,
 * so that each token is used with every body once before any is repeated.
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
  /** Requests per second; as fast as possible if left out. */
  rate?: number;
  /** The number of the first request. */
  first: number;
}

export interface Load {
  requests: number;
  /** Responses with a status of 400 or more. */
  refused: number;
  /** Responses per second. */
  rate: number;
  p50Ms: number;
  p99Ms: number;
}

export type Generator = (walk: Walk, options: LoadOptions) => Promise<Load>;

/** Returns the index of the body of request `n`. */
export function bodyIndex(n: number, { tokens, bodies, spread }: Walk): number {
  const times = Math.floor(n / Math.max(1, tokens?.length ?? 0));
  return ((spread ? n : 0) + times) % Math.max(1, bodies?.length ?? 0);
}
