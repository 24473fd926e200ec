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
