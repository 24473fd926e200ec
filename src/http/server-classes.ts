import { IncomingMessage, ServerResponse, type ServerOptions } from 'node:http';
import type { Express } from 'express';

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

const isCallable = (base: unknown): boolean => !/^class\b/.test(Function.prototype.toString.call(base));

/**
 * Requests and responses that are the application's own from the start.
 * Express gives each of them its prototype itself, and V8 is slow with an object whose prototype was changed: that alone takes
 * two thirds of the time of a small answer. Nothing is changed where Node's classes can only be called with `new`.
 */
export function serverClasses(app: Express): Classes {
  if (!isCallable(IncomingMessage) || !isCallable(ServerResponse)) return {};
  const { request, response } = app as unknown as { request: object; response: object };
  return {
    IncomingMessage: withPrototype(IncomingMessage, request),
    ServerResponse: withPrototype(ServerResponse, response),
  };
}
