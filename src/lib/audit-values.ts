import { isDeepStrictEqual } from 'node:util';
import type { Actor } from './actor';

/** An audit entry without its id and time. */
export interface AuditValues {
  actorId: number | null;
  /** The role of the actor, or `terminal` or `schedule`. */
  actorRole: string;
  action: string;
  subjectType: string;
  subjectId: number | null;
  details: Record<string, unknown>;
  ip: string | null;
  userAgent: string | null;
  requestId: string | null;
}

/** The actor when no user is signed in. */
export type SystemActor = 'terminal' | 'schedule';

export interface Activity {
  /** `<subject>.<use case>`, such as event.update or order.refund. */
  action: string;
  subjectId: number | null;
  /** The changes, never with a password or token. */
  details?: Record<string, unknown>;
}

/** Returns the values of an audit entry for an activity. */
export function toAuditValues(actor: Actor | SystemActor, { action, subjectId, details = {} }: Activity): AuditValues {
  const subject = { action, subjectType: action.split('.', 1)[0]!, subjectId, details };
  if (typeof actor === 'string')
    return { ...subject, actorId: null, actorRole: actor, ip: null, userAgent: null, requestId: null };
  const { userId, role, ip = null, userAgent = null, requestId } = actor;
  return { ...subject, actorId: userId, actorRole: role, ip, userAgent, requestId };
}

/** Returns the changed fields with their old and new values. */
export function getDifferences(before: object, after: object): Record<string, { from: unknown; to: unknown }> {
  const old = before as Record<string, unknown>;
  const changed = Object.entries(after).filter(
    ([name, value]) => value !== undefined && !isDeepStrictEqual(old[name], value),
  );
  return Object.fromEntries(changed.map(([name, value]) => [name, { from: old[name] ?? null, to: value as unknown }]));
}
