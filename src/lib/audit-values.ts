import { isDeepStrictEqual } from 'node:util';
import type { Actor } from './actor';

/** An audit entry without its id and time. */
export interface AuditValues {
  actorId: number | null;
  /** The actor's, or `terminal`, or `schedule`. */
  actorRole: string;
  action: string;
  subjectType: string;
  subjectId: number | null;
  details: Record<string, unknown>;
  ip: string | null;
  userAgent: string | null;
  requestId: string | null;
}

/** Who acts where nobody is signed in. */
export type SystemActor = 'terminal' | 'schedule';

export interface Activity {
  /** `<subject>.<use-case>`: event.update, order.refund … */
  action: string;
  subjectId: number | null;
  /** What changed; never a password or a token. */
  details?: Record<string, unknown>;
}

/** An activity as it is kept. */
export function toAuditValues(actor: Actor | SystemActor, { action, subjectId, details = {} }: Activity): AuditValues {
  const subject = { action, subjectType: action.split('.', 1)[0]!, subjectId, details };
  if (typeof actor === 'string')
    return { ...subject, actorId: null, actorRole: actor, ip: null, userAgent: null, requestId: null };
  const { userId, role, ip = null, userAgent = null, requestId } = actor;
  return { ...subject, actorId: userId, actorRole: role, ip, userAgent, requestId };
}

/** What a change does to a thing, by field: how it was and how it is. */
export function getDifferences(before: object, after: object): Record<string, { from: unknown; to: unknown }> {
  const old = before as Record<string, unknown>;
  const changed = Object.entries(after).filter(
    ([name, value]) => value !== undefined && !isDeepStrictEqual(old[name], value),
  );
  return Object.fromEntries(changed.map(([name, value]) => [name, { from: old[name] ?? null, to: value as unknown }]));
}
