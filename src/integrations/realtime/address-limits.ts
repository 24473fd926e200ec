import { AppError } from '../../errors';
import { getNetwork } from '../../lib/network';

/** Requests of a connection: so many at once, and so many a second in the long run. */
const BURST = 150;
const PER_SECOND = 10;

/** Takes one request out of a budget that fills again. @throws AppError RATE_LIMITED */
export type TryConsume = () => void;

export function createBucket(): TryConsume {
  let left = BURST;
  let filledAt = performance.now();
  return () => {
    const now = performance.now();
    left = Math.min(BURST, left + ((now - filledAt) / 1000) * PER_SECOND);
    filledAt = now;
    if (left < 1) throw new AppError('RATE_LIMITED');
    left -= 1;
  };
}

interface Place {
  connections: Set<object>;
  tryConsume: TryConsume;
}

export interface AddressLimits {
  isFull(address: string): boolean;
  /** Counts a connection that has not signed in; false where that is one too many. */
  add(address: string, connection: object): boolean;
  /** Once it is closed, or counts for its user instead. */
  remove(address: string, connection: object): void;
  /** The budget that all signed-out connections of an address share. */
  tryConsume(address: string): void;
}

/** Keeps whoever does not sign in from taking all connections there are: so many per address, as limits of requests count them. */
export function createAddressLimits(maxConnections: number): AddressLimits {
  const places = new Map<string, Place>();
  const countOf = (address: string): number => places.get(getNetwork(address))?.connections.size ?? 0;
  return {
    isFull: (address) => countOf(address) >= maxConnections,
    add(address, connection) {
      if (countOf(address) >= maxConnections) return false;
      const network = getNetwork(address);
      const place = places.get(network) ?? { connections: new Set(), tryConsume: createBucket() };
      places.set(network, place);
      place.connections.add(connection);
      return true;
    },
    remove(address, connection) {
      const network = getNetwork(address);
      const place = places.get(network);
      place?.connections.delete(connection);
      if (place?.connections.size === 0) places.delete(network);
    },
    tryConsume: (address) => places.get(getNetwork(address))?.tryConsume(),
  };
}
