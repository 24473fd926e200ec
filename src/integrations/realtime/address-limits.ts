import { AppError } from '../../errors';
import { getNetwork } from '../../lib/network';

/** The request budget of a connection: a burst, and a rate per second in the long run. */
const BURST = 150;
const PER_SECOND = 10;

/** Takes one request from a budget that refills over time. @throws AppError RATE_LIMITED */
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
  /** Counts a connection without a token; false if its address has too many. */
  add(address: string, connection: object): boolean;
  /** Releases a connection when it closes, or once it counts for its user instead. */
  remove(address: string, connection: object): void;
  /** The request budget shared by all connections without a token from one address. */
  tryConsume(address: string): void;
}

/** Limits connections without a token per address (as counted by rate limits), so that they cannot use up all connections. */
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
