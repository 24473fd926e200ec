import { IncomingMessage, ServerResponse, type ServerOptions } from 'node:http';
import type { Express } from 'express';

const LIVE_PATH = /^\/socket\.io(\/|\?|$)/;

type Constructor = (this: object, ...args: unknown[]) => void;
type Classes = Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'>;

/** A class like `base`, but for its prototype. */
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
 * Takes an offer to change the protocol up only where something answers it: a WebSocket for live updates. Once anything listens for
 * upgrades, Node hands every other offer to it too (`curl --http2` offers `h2c`), and the client would wait for an answer in vain; a
 * server may ignore an offer and answer by HTTP/1.1 (RFC 9110, section 7.8). Node asks the request, before it reads the body.
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
 * Requests and responses that are the application's own from the start.
 * Express gives each of them its prototype itself, and V8 is slow with an object whose prototype was changed: that alone takes
 * two thirds of the time of a small answer. Nothing is changed where Node's classes can only be called with `new`.
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
