/** What a browser lets a page on another origin read of an answer, besides the few headers that it always may. */
export const EXPOSED_HEADERS = [
  'Allow',
  'Content-Disposition',
  'ETag',
  'Idempotent-Replayed',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'X-Request-Id',
];

const THIS_MACHINE = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** An address as a browser sends it in `Origin`: without path, default port and capitals. */
function toOrigin(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address;
}

/** Who may call the API from a browser: the front ends, and in development whatever runs on this machine. */
export function toAllowedOrigins(
  frontends: string[],
  { isProduction }: { isProduction: boolean },
): (string | RegExp)[] {
  const origins = frontends.map(toOrigin);
  return isProduction ? origins : [...origins, THIS_MACHINE];
}

export function isAllowedOrigin(origin: string, allowed: (string | RegExp)[]): boolean {
  return allowed.some((each) => (typeof each === 'string' ? each === origin : each.test(origin)));
}
