import { randomUUID } from 'node:crypto';
import type { Response } from 'supertest';
import { database } from '../../../src/database';
import { routes } from '../../../src/routes';
import { connect, startApi, wire } from '../../helpers/servers/api';
import { as } from '../../helpers/client';
import { startInstance, type Instance } from '../../helpers/instance';
import { startProxy, type Proxy } from '../../helpers/servers/proxy';
import { prepare, sending, type Repeatable } from '../../helpers/routes/repeatable';

const repeatable = routes.filter(({ idempotent }) => idempotent).map((route) => [route.id, route] as const);

/** Counts the rows of each table except the keys themselves. */
async function countRows(): Promise<Record<string, number>> {
  const { rows } = await database.raw<{ rows: { name: string; count: number }[] }>(`
    SELECT t.table_name AS name, (xpath('/row/n/text()', query_to_xml('SELECT count(*) AS n FROM ' || quote_ident(t.table_name), false, true, '')))[1]::text::int AS count
    FROM information_schema.tables t
    WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND t.table_name <> 'idempotency_keys'`);
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

/** Returns how many rows `work` adds to each table. */
async function changes(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await countRows();
  await work();
  const after = await countRows();
  const differences = Object.keys(after).map((name) => [name, after[name]! - (before[name] ?? 0)] as const);
  return Object.fromEntries(differences.filter(([, difference]) => difference !== 0));
}

describe('a request with an idempotency key', () => {
  let proxy: Proxy;
  let cut: Instance;

  beforeAll(async () => {
    proxy = await startProxy(process.env.DATABASE_URL ?? '');
    cut = startInstance({ DATABASE_URL: proxy.url });
  });
  afterAll(async () => {
    await cut.close();
    await proxy.close();
  });

  /** Sends a request and drops the reply to its commit number `after`, from 0. Undefined if it has no such commit. */
  async function sendAndLose(after: number, request: Repeatable, key: string): Promise<Response | undefined> {
    let isLost = false;
    void proxy.dropNextCommitReply({ after }).then(() => (isLost = true));
    const response = await sending(cut.as(request.user.token), request, key);
    proxy.passReplies();
    return isLost ? response : undefined;
  }

  describe.each(repeatable)('%s', (_id, route) => {
    it('has one effect, whichever commit reply is lost and whichever process gets the retry', async () => {
      const undisturbed = await prepare(route);
      const effect = await changes(() => sending(as(undisturbed.user), undisturbed, randomUUID()).expect(route.status));
      for (let after = 0; ; after += 1) {
        const request = await prepare(route);
        const key = randomUUID();
        let isOver = false;
        const actual = await changes(async () => {
          const first = await sendAndLose(after, request, key);
          isOver = first === undefined;
          if (first && route.idempotent === 'stored') expect(first.status).toBe(503);
          // The first commit of an upload inserts a row for its objects, which is not an effect yet.
          const hadEffect = await database('idempotency_keys')
            .where({ user_id: request.user.user.id, key })
            .first('key');
          const second = await sending(as(request.user), request, key).expect(route.status);
          expect(second.headers['idempotent-replayed']).toBe(hadEffect && 'true');
          const third = await sending(as(request.user), request, key).expect(route.status);
          expect(third.headers['idempotent-replayed']).toBe('true');
          expect(third.body).toEqual(second.body);
          expect(third.headers.etag).toBe(second.headers.etag);
          // The cleanup removes these rows later.
          await database('files').where({ status: 'pending' }).del();
        });
        expect(actual).toEqual(effect);
        if (isOver) {
          expect(after).toBeGreaterThan(0);
          return;
        }
      }
    });

    it('is the same request with its keys in another order', async () => {
      const request = await prepare(route);
      if (!request.body) return;
      const key = randomUUID();
      const first = await sending(as(request.user), request, key).expect(route.status);
      const turned = { ...request, body: turnedRound(request.body) as object };
      const second = await sending(as(request.user), turned, key).expect(route.status);
      expect(second.body).toEqual(first.body);
      expect(second.headers['idempotent-replayed']).toBe('true');
    });
  });

  it.each(['createEvent', 'refundOrder', 'sendEventMessage', 'createBooking'])(
    'is taken over at once from a process that was killed after its commit: %s',
    async (id) => {
      const route = routes.find((each) => each.id === id)!;
      const request = await prepare(route);
      const key = randomUUID();
      const api = await startApi({ DATABASE_URL: proxy.url });
      const connection = await connect(api.port);
      const committed = proxy.dropNextCommitReply({ silently: true });
      const { path, user, body } = request;
      const answer = connection.send(wire({ path, token: user.token, body, idempotencyKey: key }));
      const lost = expect(answer).rejects.toThrow('closed');
      await committed;
      process.kill(api.pid, 'SIGKILL');
      await lost;
      const actual = await changes(async () => {
        const again = await sending(as(user), request, key).expect(route.status);
        expect(again.headers['idempotent-replayed']).toBe('true');
      });
      expect(actual).toEqual({});
    },
  );
});

/** Returns the same value with its keys in reverse order at every depth. */
function turnedRound(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turnedRound);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, each]) => [name, turnedRound(each)]),
  );
}
