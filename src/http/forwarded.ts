import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../lib/network';

// Headers that proxies, load balancers and content delivery networks add about the original client.
const FORWARDING =
  /^(forwarded|forwarded-for|via|x-forwarded(-.+)?|x-original-(host|forwarded-for)|x-(real|client|cluster-client)-ip|x-envoy-external-address|true-client-ip|(cf|fastly|do)-(connecting|client)-ip|cf-ray|cdn-loop|fly-client-ip|x-azure-clientip|x-appengine-user-ip)$/;

const LOCAL_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** True if the request has a header of a proxy, or came over HTTP/1.0, which nginx uses for its backends by default. */
export function isForwarded({ headers, httpVersionMajor, httpVersionMinor }: IncomingMessage): boolean {
  if (httpVersionMajor === 1 && httpVersionMinor === 0) return true;
  return Object.keys(headers).some((name) => FORWARDING.test(name));
}

/**
 * True if the client runs on this machine and addresses it by a name of this machine. The address is the socket's own, since
 * headers can say anything. A page of `evil.example` whose name now resolves to 127.0.0.1 (DNS rebinding) still sends `evil.example` as Host.
 */
export function isFromThisMachine(req: IncomingMessage): boolean {
  return isLoopback(req.socket.remoteAddress ?? '') && LOCAL_HOST.test(req.headers.host ?? '') && !isForwarded(req);
}
