import { Redis } from 'ioredis';

// ioredis leaves the timer of a closed connection running, which then destroys the next, healthy one; an error that is answered by
// a command at once repeats that every `socketTimeout`. Here the timer ends with its connection.

/** What ioredis uses for `socketTimeout`, and its types do not show. */
interface SilentRedis {
  stream: NodeJS.WritableStream & { destroyed: boolean; destroy(error: Error): void };
  options: { socketTimeout: number };
  commandQueue: { length: number };
  socketTimeoutTimer: NodeJS.Timeout | undefined;
  setSocketTimeout(): void;
}

function setSocketTimeout(this: SilentRedis): void {
  const { stream, options } = this;
  if (stream.destroyed) return;
  const end = (): void => {
    clearTimeout(timer);
    stream.off('data', onData);
    stream.off('close', end);
    if (this.socketTimeoutTimer === timer) this.socketTimeoutTimer = undefined;
  };
  const onData = (): void => {
    end();
    if (this.commandQueue.length > 0) this.setSocketTimeout();
  };
  const timer = setTimeout(() => {
    end();
    stream.destroy(new Error(`Redis has not answered for ${options.socketTimeout} ms.`));
  }, options.socketTimeout);
  this.socketTimeoutTimer = timer;
  stream.once('data', onData);
  stream.once('close', end);
}

const prototype = Redis.prototype as unknown as SilentRedis;
if (typeof prototype.setSocketTimeout !== 'function')
  throw new Error('This version of ioredis measures silence in another way.');
prototype.setSocketTimeout = setSocketTimeout;
