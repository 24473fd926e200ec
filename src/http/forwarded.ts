import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../lib/network';

// Headers that proxies, load balancers and content delivery networks add about the original client.
const FORWARDING =
  /forward|(^|[-_])ip$|clientip|^(via|cf-ray|cdn-loop|x-original-.+|x-rewrite-url|x-envoy-external-address|x-proxyuser-ip|tailscale-.+)$/;

const LOCAL_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;
const isLocalHost = (host: string): boolean => LOCAL_HOST.test(host);

/**
 * True if the request has a header of a proxy, names its target as a proxy is asked (`GET http://…`), or came over HTTP/1.0,
 * which nginx uses for its backends by default.
 */
export function isForwarded(req: IncomingMessage & { originalUrl?: string }): boolean {
  if (req.httpVersionMajor === 1 && req.httpVersionMinor === 0) return true;
  if (!(req.originalUrl ?? req.url ?? '').startsWith('/')) return true;
  return Object.keys(req.headers).some((name) => FORWARDING.test(name));
}

const getHosts = ({ rawHeaders }: IncomingMessage): string[] =>
  rawHeaders.filter((_value, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === 'host');

/**
 * True if the client runs on this machine and addresses it by a name of this machine. The address is the socket's own, since
 * headers can say anything. A page of `evil.example` whose name now resolves to 127.0.0.1 (DNS rebinding) still sends `evil.example` as Host.
 */
export function isFromThisMachine(req: IncomingMessage): boolean {
  const hosts = getHosts(req);
  const isLocal = hosts.length > 0 && hosts.every(isLocalHost);
  return isLocal && isLoopback(req.socket.remoteAddress ?? '') && !isForwarded(req);
}
