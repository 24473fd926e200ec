/** Response headers that pages on other origins can read, besides the safelisted ones. */
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

// Browsers resolve `localhost` and every name below it to this machine by themselves.
const THIS_MACHINE = /^https?:\/\/(([a-z0-9-]+\.)*localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;

/** Returns a URL as browsers send it in `Origin`: lower case, without path and default port. */
function toOrigin(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address;
}

/** True if an origin can call the API from a browser: the front ends, and in development any origin on this machine. */
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
