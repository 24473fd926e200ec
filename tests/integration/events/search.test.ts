import { createKnex } from '../../../src/database';
import { migrate } from '../../../src/migrate';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { anonymous, as } from '../../helpers/client';
import { makeEvent, type TestEvent } from '../../helpers/events';
import { execute, withDatabase } from '../../helpers/servers/postgres';

let organizer: TestUser;
let admin: TestUser;
beforeAll(async () => {
  organizer = await registerUser({ role: 'organizer' });
  admin = await registerUser({ role: 'admin' });
});

const titles = ({ body }: { body: { data?: TestEvent[] } }): string[] => body.data!.map(({ title }) => title);

const found = async (query: Record<string, string>): Promise<string[]> =>
  titles(await anonymous.get(`/api/events?limit=100&${new URLSearchParams(query).toString()}`).expect(200));

/** Titles of events, and what users type to find them. */
const SEEN: [title: string, typed: string][] = [
  ['“Hamlet”', 'hamlet'],
  ['«Carmen»', 'carmen'],
  ['Jazz–Night', 'night'],
  ['Rock—Abend', 'abend'],
  ['L’été', 'ete'],
  ['O‘Brien’s', 'brien'],
  ["Conan O'Brien", 'conan obrien'],
  ['Miles OBrien', 'miles o’bri'],
  ['Rock’n’Roll', 'rocknroll'],
  ['🎉Party🎉', 'party'],
  ['東京、大阪', '大阪'],
  ['東京大阪フェス', '大阪'],
  ['Straße der Lieder', 'STRASSE'],
  ['GROSSE FREIHEIT', 'große'],
  ['Smørrebrød', 'smorrebrod'],
  ['Ærø', 'aero'],
  ['Đorđe', 'dorde'],
  ['Œuvre', 'oeuvre'],
  ['Ἀθῆναι', 'αθηναι'],
  ['ΟΔΥΣΣΕΥΣ', 'Οδυσσεύς'],
  ['Ёлка', 'елка'],
  ['Київ', 'КИІВ'],
  ['İstanbul', 'istanbul'],
  ['Diyarbakır', 'DIYARBAKIR'],
  ['Ｆｅｓｔ', 'fest'],
  ['हिन्दी', 'हिन्दी'],
  ['שָׁלוֹם', 'שלום'],
  ['Łódź', 'lodz'],
];

describe('searchQuery', () => {
  it('ignores letter case, accents and punctuation', async () => {
    for (const [title] of SEEN) await makeEvent(organizer, { title });
    const missed: string[] = [];
    for (const [title, typed] of SEEN)
      for (const text of [typed, typed.normalize('NFD'), title, title.normalize('NFC')])
        if (!(await found({ search: text })).includes(title)) missed.push(`${text} for ${title}`);
    expect(missed).toEqual([]);
  });

  it('finds decomposed text', async () => {
    await makeEvent(organizer, { title: 'Crème brûlée'.normalize('NFD') });
    expect(await found({ search: 'crème brûlée'.normalize('NFC') })).toHaveLength(1);
  });

  it('requires all words, but the last may be incomplete; punctuation alone matches nothing', async () => {
    await makeEvent(organizer, { title: 'Quartet in the park', venueName: 'Théâtre', description: 'Bring a blanket.' });
    expect(await found({ search: 'theatre QUARTET blan' })).toEqual(['Quartet in the park']);
    for (const search of ['quart park', 'quartet opera', "quartet' | 'x", '!!!', '🎉', '&', 'quartet:*z'])
      expect({ search, found: await found({ search }) }).toEqual({ search, found: [] });
  });

  it('sorts titles as people do', async () => {
    for (const title of ['Zebra', 'Äpfel', 'apfel', 'Éclair', 'banana', 'Öl', 'Ozean', 'ähnlich'])
      await makeEvent(organizer, { title, category: 'alphabet' });
    const order = ['ähnlich', 'apfel', 'Äpfel', 'banana', 'Éclair', 'Öl', 'Ozean', 'Zebra'];
    expect(await found({ category: 'Alphabet', sort: 'title' })).toEqual(order);
    expect(await found({ category: 'ALPHABET', sort: 'title', order: 'desc' })).toEqual(order.toReversed());
  });
});

describe('a database created with another locale', () => {
  it.each([
    ['c', "LOCALE_PROVIDER libc LOCALE 'C'"],
    ['tr', "LOCALE_PROVIDER icu ICU_LOCALE 'tr' LOCALE 'C'"],
  ])('gives the same results with the locale %s', async (name, locale) => {
    const url = process.env.DATABASE_OWNER_URL!;
    const database = `${new URL(url).pathname.slice(1)}_${name}`;
    await execute(url, `CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'UTF8' ${locale}`);
    const own = withDatabase(url, database);
    await migrate(own);
    const db = createKnex(own, { max: 1, applicationName: 'locale' });
    const { rows } = await db.raw<{ rows: unknown[] }>(
      `SELECT title, typed FROM unnest(:titles::text[], :typed::text[]) s(title, typed)
       WHERE NOT search_vector(title, 'A') @@ search_query(typed)`,
      { titles: SEEN.map(([title]) => title), typed: SEEN.map(([, typed]) => typed) },
    );
    await db.destroy();
    await execute(url, `DROP DATABASE ${database}`);
    expect(rows).toEqual([]);
  });
});

describe('filters', () => {
  it('filters by tag, ignoring case and accents', async () => {
    await makeEvent(organizer, { title: 'Tagged', tags: ['Été', 'Open Air'] });
    for (const tag of ['été', 'ETE', 'open air']) expect(await found({ tag })).toEqual(['Tagged']);
    for (const tag of ['open', 'air', 'et']) expect(await found({ tag })).toEqual([]);
  });

  it.each(['draft', 'published', 'completed', 'cancelled'])('400 for status=%s without mine', async (status) => {
    const { body } = await anonymous.get(`/api/events?status=${status}`).expect(400);
    expect(body.error.details).toEqual([expect.objectContaining({ path: 'status' })]);
    await as(organizer).get(`/api/events?status=${status}&mine=false`).expect(400);
    await as(organizer).get(`/api/events?status=${status}&mine=true`).expect(200);
  });

  it('counts the categories of listed events', async () => {
    for (const category of ['Chess', 'chess', 'Checkers']) await makeEvent(organizer, { category });
    await makeEvent(organizer, { category: 'Go', status: 'draft' });
    const { id } = await makeEvent(organizer, { category: 'Hex' });
    await as(organizer).delete(`/api/events/${id}`).expect(204);
    const { body } = await anonymous.get('/api/events/categories').expect(200);
    const counts = Object.fromEntries(
      (body.data as { name: string; count: number }[]).map((c) => [c.name.toLowerCase(), c.count]),
    );
    expect(counts).toMatchObject({ chess: 2, checkers: 1 });
    expect(Object.keys(counts)).not.toEqual(expect.arrayContaining(['go']));
    expect(Object.keys(counts)).not.toEqual(expect.arrayContaining(['hex']));
  });

  it('finds events of every status for an admin', async () => {
    await makeEvent(organizer, { title: 'Hidden Ångström', status: 'draft' });
    const list = (search: string) =>
      as(admin)
        .get(`/api/admin/events?search=${encodeURIComponent(search)}`)
        .expect(200);
    expect(titles(await list('angstrom hid'))).toEqual(['Hidden Ångström']);
    expect(titles(await list('angstrom visible'))).toEqual([]);
  });

  it('shows the caller’s bookings and waitlist entries of one event', async () => {
    const user = await registerUser();
    const [one, other] = [
      await makeEvent(organizer, { totalTickets: 5 }),
      await makeEvent(organizer, { totalTickets: 5 }),
    ];
    for (const { id } of [one, other])
      await as(user).post('/api/bookings').send({ eventId: id, ticketsCount: 1 }).expect(201);
    for (const path of ['/api/bookings', '/api/bookings/my-bookings']) {
      const { body } = await as(user).get(`${path}?eventId=${one.id}`).expect(200);
      expect([body.data.map(({ eventId }: { eventId: number }) => eventId), body.pagination.total]).toEqual([
        [one.id],
        1,
      ]);
    }
    const waiter = await registerUser();
    const full = await Promise.all([1, 2].map(() => makeEvent(organizer, { totalTickets: 0 })));
    for (const { id } of full) await as(waiter).post('/api/waitlist/join').send({ eventId: id }).expect(201);
    const { body } = await as(waiter).get(`/api/waitlist?eventId=${full[1]!.id}`).expect(200);
    expect([body.data.map(({ eventId }: { eventId: number }) => eventId), body.pagination.total]).toEqual([
      [full[1]!.id],
      1,
    ]);
  });

  it.each(['ada love', 'Ada Lovelace', 'LOVEL', 'ada', 'adá lóve'])('finds a person by %j', async (search) => {
    const { body } = await as(admin)
      .get(`/api/admin/users?search=${encodeURIComponent(search)}`)
      .expect(200);
    expect(body.data.length).toBeGreaterThan(0);
  });

  it('finds nobody by an unknown name', async () => {
    const { body } = await as(admin).get('/api/admin/users?search=ada%20byron').expect(200);
    expect(body.data).toEqual([]);
  });
});
