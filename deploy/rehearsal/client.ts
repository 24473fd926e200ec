/** A client of the rehearsed program, through nginx and over TLS. */

export const ORIGIN = 'https://tickets.example.com';

export interface Answer<T> {
  status: number;
  body: T;
}

interface Call {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Sends a request such as `GET /events` below /api, and returns the answer whatever its status. */
export async function send<T = unknown>(
  request: string,
  { token, body, headers = {} }: Call = {},
): Promise<Answer<{ data: T }>> {
  const [method = '', path = ''] = request.split(' ');
  const isForm = body instanceof FormData;
  const response = await fetch(`${ORIGIN}/api${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, body: (isJson ? JSON.parse(text) : { data: text }) as { data: T } };
}

/** The same, for requests that have to succeed. */
export async function call<T = { id: number }>(request: string, options: Call = {}): Promise<T> {
  const { status, body } = await send<T>(request, options);
  if (status >= 300) throw new Error(`${request} was answered with ${status}: ${JSON.stringify(body)}`);
  return body.data;
}
