export type Role = 'customer' | 'organizer' | 'admin';

/** Who acts, as plain data: a request's user, or a job. */
export interface Actor {
  userId: number;
  role: Role;
  sessionId: number;
  requestId: string;
  /** Where the request came from. */
  ip?: string;
  userAgent?: string | null;
  /** Where the request has an idempotency key that its use-case keeps. */
  once?: OnceRequest;
}

/** A request that may come twice. */
export interface OnceRequest {
  key: string;
  fingerprint: string;
  /** Of this run: one whose effect turns out to be another run's is a replay. */
  runId: string;
  /** What the key did before, where nobody has stored the response. */
  earlier: { value: unknown } | undefined;
}

/** A user in whose name something is done, in a request or without one. */
export type OnBehalf = Pick<Actor, 'userId'> & Partial<Pick<Actor, 'requestId'>>;

/** Where a request comes from, signed in or not. */
export interface Caller {
  requestId: string;
  ip: string;
  userAgent: string | null;
}

/** Whether the actor may do what the organizer of this thing may. */
export function mayManage(actor: Actor | undefined, organizerId: number): boolean {
  return (
    actor !== undefined && (actor.role === 'admin' || (actor.role === 'organizer' && actor.userId === organizerId))
  );
}
