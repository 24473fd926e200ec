import type { Db } from '../../database';
import type { Shaped } from '../../database/query';
import { json, queryOne, statement, type ResultOf } from '../statement';
import type { Scope } from './periods';

interface UserTotals {
  total: number;
  customers: number;
  organizers: number;
  admins: number;
  suspended: number;
}

interface EventTotals {
  draft: number;
  published: number;
  completed: number;
  cancelled: number;
  upcoming: number;
}

interface CapacityTotals {
  capacity: number;
  sold: number;
  held: number;
}

interface ActiveUsers {
  last24Hours: number;
  last7Days: number;
  last30Days: number;
}

const USERS = `(
      SELECT json_build_object(
        'total', count(*),
        'customers', count(*) FILTER (WHERE role = 'customer'),
        'organizers', count(*) FILTER (WHERE role = 'organizer'),
        'admins', count(*) FILTER (WHERE role = 'admin'),
        'suspended', count(*) FILTER (WHERE status = 'suspended')
      )
      FROM users
    )`;

const getEvents = (condition: string): string => `(
      SELECT json_build_object(
        'draft', count(*) FILTER (WHERE status = 'draft'),
        'published', count(*) FILTER (WHERE status = 'published'),
        'completed', count(*) FILTER (WHERE status = 'completed'),
        'cancelled', count(*) FILTER (WHERE status = 'cancelled'),
        'upcoming', count(*) FILTER (WHERE status = 'published' AND starts_at > now())
      )
      FROM events e
      WHERE e.deleted_at IS NULL ${condition}
    )`;

const getCapacity = (condition: string): string => `(
      SELECT json_build_object(
        'capacity', coalesce(sum(i.capacity), 0),
        'sold', coalesce(sum(i.sold), 0),
        'held', coalesce(sum(i.held), 0)
      )
      FROM events e
      JOIN event_inventory i ON i.event_id = e.id
      WHERE e.status = 'published' AND e.deleted_at IS NULL AND e.ends_at > now() AND i.capacity > 0 ${condition}
    )`;

const getActiveUsers = (organizerId: string): string => `(
      SELECT json_build_object(
        'last24Hours', count(*) FILTER (WHERE latest >= now() - interval '1 day'),
        'last7Days', count(*) FILTER (WHERE latest >= now() - interval '7 days'),
        'last30Days', count(*)
      )
      FROM (
        SELECT u, max(a.slot) AS latest
        FROM analytics_slots a, unnest(a.user_ids) u
        WHERE a.organizer_id = ${organizerId} AND a.slot >= now() - interval '30 days'
        GROUP BY u
      ) l
    )`;

function toCountStatement(whose: 'everybody' | 'organizer') {
  const isOfAll = whose === 'everybody';
  // The events of an organizer are read by an index.
  const condition = isOfAll ? '' : 'AND e.organizer_id = :organizerId';
  return statement({
    name: `analytics-snapshot-${whose}`,
    columns: {
      users: json<UserTotals>(isOfAll ? USERS : 'NULL::json'),
      events: json<EventTotals>(getEvents(condition)),
      // Of events that are published, limited and not over.
      capacity: json<CapacityTotals>(getCapacity(condition)),
      activeUsers: json<ActiveUsers>(getActiveUsers(isOfAll ? '0' : ':organizerId')),
    },
    sql: (list) => `
  SELECT
    ${list}`,
  });
}

const COUNT = { everybody: toCountStatement('everybody'), organizer: toCountStatement('organizer') };

/** The totals at a moment, as opposed to what happened in a period. */
export type Snapshot = ResultOf<typeof COUNT.everybody>;

export async function countSnapshot(db: Db, scope: Scope): Promise<Snapshot> {
  return scope === 'everybody' ? queryOne(db, COUNT.everybody) : queryOne(db, COUNT.organizer, { organizerId: scope });
}

export interface SavedSnapshot<T> {
  standing: T;
  countedAt: Date;
}

export async function findSnapshot<T>(db: Db): Promise<SavedSnapshot<T> | undefined> {
  return db('analytics_standing').first({ standing: 'standing' as Shaped<'standing', T>, countedAt: 'counted_at' });
}

export async function upsertSnapshot(db: Db, snapshot: object): Promise<void> {
  await db('analytics_standing')
    .insert({ standing: JSON.stringify(snapshot), counted_at: db.fn.now() })
    .onConflict('is_only')
    .merge();
}
