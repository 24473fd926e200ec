import { IncomingMessage, ServerResponse, type ServerOptions } from 'node:http';
import type { Express } from 'express';

const LIVE_PATH = /^\/socket\.io(\/|\?|$)/;

type Constructor = (this: object, ...args: unknown[]) => void;
type Classes = Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'>;

/** Returns a class like `base` with another prototype. */
function withPrototype<T>(base: T, prototype: object): T {
  const construct = base as unknown as Constructor;
  function constructor(this: object, ...args: unknown[]): void {
    construct.apply(this, args);
  }
  constructor.prototype = prototype;
  return constructor as unknown as T;
}

interface Upgradable {
  url?: string;
  headers: IncomingMessage['headers'];
  isUpgradeOffered?: boolean;
}

/**
 * Accepts a protocol upgrade only for the WebSocket of live updates. Once there is a listener for upgrades, Node passes all offers to
 * it (`curl --http2` offers `h2c`), and those clients would never get a response. A server may ignore an offer and respond over
 * HTTP/1.1 (RFC 9110, section 7.8). Node calls this on the request before it reads the body.
 */
const upgrade: PropertyDescriptor & ThisType<Upgradable> = {
  configurable: true,
  get() {
    if (!this.isUpgradeOffered) return false;
    return this.headers.upgrade?.toLowerCase() === 'websocket' && LIVE_PATH.test(this.url ?? '');
  },
  set(value: unknown) {
    this.isUpgradeOffered = Boolean(value);
  },
};

const isCallable = (base: unknown): boolean => !/^class\b/.test(Function.prototype.toString.call(base));

/**
 * Creates requests and responses with the prototypes of the application from the start. Express would change their prototypes
 * on every request, and V8 is slow with such objects: that alone takes two thirds of the time of a small response.
 * Leaves everything as it is if Node's classes can only be called with `new`.
 */
export function createServerClasses(app: Express): Classes {
  if (!isCallable(IncomingMessage) || !isCallable(ServerResponse)) return {};
  const { request, response } = app as unknown as { request: object; response: object };
  Object.defineProperty(request, 'upgrade', upgrade);
  return {
    IncomingMessage: withPrototype(IncomingMessage, request),
    ServerResponse: withPrototype(ServerResponse, response),
  };
}
