import type { Db } from '../../database';
import type { Scope } from './periods';

/** The totals at a moment, as opposed to what happened in a period. */
export interface Snapshot {
  users: { total: number; customers: number; organizers: number; admins: number; suspended: number };
  events: { draft: number; published: number; completed: number; cancelled: number; upcoming: number };
  /** Of events that are published, limited and not over. */
  capacity: { capacity: number; sold: number; held: number };
  activeUsers: { last24Hours: number; last7Days: number; last30Days: number };
}

// Which are read by index where they are an organizer's.
const whereOrganizer = (scope: Scope, column: string): string =>
  scope === 'everybody' ? '' : `AND ${column} = :organizerId`;

const USERS = `
  SELECT json_build_object('total', count(*), 'customers', count(*) FILTER (WHERE role = 'customer'),
    'organizers', count(*) FILTER (WHERE role = 'organizer'), 'admins', count(*) FILTER (WHERE role = 'admin'),
    'suspended', count(*) FILTER (WHERE status = 'suspended')) FROM users`;

const NO_USERS = `SELECT NULL::json`;

const events = (scope: Scope): string => `
  SELECT json_build_object('draft', count(*) FILTER (WHERE status = 'draft'), 'published', count(*) FILTER (WHERE status = 'published'),
    'completed', count(*) FILTER (WHERE status = 'completed'), 'cancelled', count(*) FILTER (WHERE status = 'cancelled'),
    'upcoming', count(*) FILTER (WHERE status = 'published' AND starts_at > now()))
  FROM events e WHERE deleted_at IS NULL ${whereOrganizer(scope, 'e.organizer_id')}`;

const capacity = (scope: Scope): string => `
  SELECT json_build_object('capacity', coalesce(sum(i.capacity), 0), 'sold', coalesce(sum(i.sold), 0), 'held', coalesce(sum(i.held), 0))
  FROM events e JOIN event_inventory i ON i.event_id = e.id
  WHERE e.status = 'published' AND e.deleted_at IS NULL AND e.ends_at > now() AND i.capacity > 0 ${whereOrganizer(scope, 'e.organizer_id')}`;

const activeUsers = (scope: Scope): string => `
  SELECT json_build_object('last24Hours', count(*) FILTER (WHERE latest >= now() - interval '1 day'),
    'last7Days', count(*) FILTER (WHERE latest >= now() - interval '7 days'), 'last30Days', count(*))
  FROM (SELECT u, max(a.slot) AS latest FROM analytics_slots a, unnest(a.user_ids) u
        WHERE a.organizer_id = ${scope === 'everybody' ? '0' : ':organizerId'} AND a.slot >= now() - interval '30 days' GROUP BY u) l`;

export async function countSnapshot(db: Db, scope: Scope): Promise<Snapshot> {
  const { rows } = await db.raw<{ rows: Snapshot[] }>(
    `SELECT (${scope === 'everybody' ? USERS : NO_USERS}) AS users, (${events(scope)}) AS events, (${capacity(scope)}) AS capacity,
            (${activeUsers(scope)}) AS "activeUsers"`,
    scope === 'everybody' ? {} : { organizerId: scope },
  );
  return rows[0]!;
}

export interface SavedSnapshot<T> {
  standing: T;
  countedAt: Date;
}

export async function findSnapshot<T>(db: Db): Promise<SavedSnapshot<T> | undefined> {
  const { rows } = await db.raw<{ rows: SavedSnapshot<T>[] }>(
    `SELECT standing, counted_at AS "countedAt" FROM analytics_standing`,
  );
  return rows[0];
}

export async function upsertSnapshot(db: Db, snapshot: object): Promise<void> {
  await db.raw(
    `INSERT INTO analytics_standing (standing, counted_at) VALUES (?, now())
     ON CONFLICT (is_only) DO UPDATE SET standing = excluded.standing, counted_at = excluded.counted_at`,
    [JSON.stringify(snapshot)],
  );
}
