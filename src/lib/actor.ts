export type Role = 'customer' | 'organizer' | 'admin';

/** The actor of a request or job, as plain data. */
export interface Actor {
  userId: number;
  role: Role;
  sessionId: number;
  requestId: string;
  /** The origin of the request. */
  ip?: string;
  userAgent?: string | null;
  /** Set if the request has an idempotency key that its use case stores. */
  once?: OnceRequest;
}

/** A request that can be repeated safely. */
export interface OnceRequest {
  key: string;
  fingerprint: string;
  /** The id of this run. If the stored effect has another run's id, this run is a replay. */
  runId: string;
  /** The earlier effect of the key, if its response was not stored. */
  earlier: { value: unknown } | undefined;
}

/** A user on whose behalf something is done, in a request or not. */
export type OnBehalf = Pick<Actor, 'userId'> & Partial<Pick<Actor, 'requestId'>>;

/** The origin of a request, signed in or not. */
export interface Caller {
  requestId: string;
  ip: string;
  userAgent: string | null;
}

/** True if the actor has the rights of the organizer of this resource. */
export function mayManage(actor: Actor | undefined, organizerId: number): boolean {
  return (
    actor !== undefined && (actor.role === 'admin' || (actor.role === 'organizer' && actor.userId === organizerId))
  );
}
