import { database } from '../../../src/database';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { anonymous, as } from '../../helpers/client';
import { inHours, makeEvent } from '../../helpers/events';

let organizer: TestUser;
let other: TestUser;
let customer: TestUser;

const shown = async (query: string): Promise<string[]> => {
  const { body } = await anonymous.get(`/api/events?${query}`).expect(200);
  return (body.data as { title: string }[]).map(({ title }) => title);
};

beforeAll(async () => {
  organizer = await registerUser({ role: 'organizer' });
  other = await registerUser({ role: 'organizer' });
  customer = await registerUser();
  // In the order of their start.
  await makeEvent(organizer, {
    title: 'Delta',
    startDate: inHours(24),
    category: 'Music',
    basePrice: 30,
    venueName: 'Jazz cellar',
  });
  await makeEvent(other, { title: 'bravo', startDate: inHours(48), category: 'sport', basePrice: 10, totalTickets: 0 });
  await makeEvent(organizer, { title: 'Charlie jazz', startDate: inHours(72), category: 'music', totalTickets: 5 });
  await makeEvent(organizer, {
    title: 'Alpha',
    startDate: inHours(96),
    basePrice: 20,
    description: 'With jazz, perhaps. Ölü/canlı: ÇAĞRI.',
  });
  await makeEvent(organizer, { title: 'Draft', startDate: inHours(24), status: 'draft' });
  const cancelled = await makeEvent(organizer, { title: 'Cancelled', startDate: inHours(24) });
  await as(organizer).post(`/api/events/${cancelled.id}/cancel`).send({ confirm: true }).expect(202);
  const deleted = await makeEvent(organizer, { title: 'Deleted', startDate: inHours(24) });
  await as(organizer).delete(`/api/events/${deleted.id}`).expect(204);
  const over = await makeEvent(organizer, { title: 'Over', startDate: inHours(24) });
  const past = { starts_at: new Date(Date.now() - 7_200_000), ends_at: new Date(Date.now() - 3_600_000) };
  await database('events').where({ id: over.id }).update(past);
  const running = await makeEvent(other, {
    title: 'Running',
    startDate: inHours(24),
    category: 'sport',
    basePrice: 50,
  });
  await database('events').where({ id: running.id }).update({ starts_at: past.starts_at });
  await database('events').where({ title: 'bravo' }).update({ popularity: 9 });
  await database('events').where({ title: 'Alpha' }).update({ popularity: 5 });
});

describe('listEvents', () => {
  it('lists published events that are not over, by start', async () => {
    expect(await shown('')).toEqual(['Running', 'Delta', 'bravo', 'Charlie jazz', 'Alpha']);
  });

  it('shows each as documented, without email addresses', async () => {
    const { body, text } = await anonymous.get('/api/events?search=delta').expect(200);
    expect(body.data[0]).toMatchObject({
      title: 'Delta',
      basePrice: '30.00',
      organizer: { id: organizer.user.id, firstName: 'Ada', lastName: 'Lovelace' },
    });
    expect(body.data[0]).not.toHaveProperty('ticketTypes');
    expect(body.pagination).toEqual({ page: 1, limit: 20, total: 1, pages: 1, totalCapped: false });
    expect(text).not.toContain('@example.com');
  });

  it.each([
    ['category=MUSIC', ['Delta', 'Charlie jazz']],
    ['isFree=true', ['Charlie jazz']],
    ['isFree=false', ['Running', 'Delta', 'bravo', 'Alpha']],
    ['minPrice=20', ['Delta', 'Alpha']],
    ['maxPrice=20.00', ['Charlie jazz', 'Alpha']],
    ['minPrice=10&maxPrice=30', ['Delta', 'Alpha']],
    ['available=true', ['Delta', 'Charlie jazz', 'Alpha']],
    ['available=false', ['Running', 'bravo']],
    ['category=sport&available=false', ['Running', 'bravo']],
    ['category=sport&available=true', []],
    ['category=none', []],
    ['unknown=1', ['Running', 'Delta', 'bravo', 'Charlie jazz', 'Alpha']],
  ])('filters by %s', async (query, titles) => {
    expect(await shown(query)).toEqual(titles);
  });

  it('filters by organizer', async () => {
    expect(await shown(`organizerId=${other.user.id}`)).toEqual(['Running', 'bravo']);
  });

  it('filters by a half-open range of starts', async () => {
    const rows = await database('events')
      .whereIn('title', ['Delta', 'Charlie jazz'])
      .orderBy('starts_at')
      .pluck<Date[]>('starts_at');
    const [from, to] = rows.map((time) => time.toISOString());
    expect(await shown(`from=${from}&to=${to}`)).toEqual(['Delta', 'bravo']);
  });

  it.each([
    ['sort=startDate', ['Running', 'Delta', 'bravo', 'Charlie jazz', 'Alpha']],
    ['sort=startDate&order=desc', ['Alpha', 'Charlie jazz', 'bravo', 'Delta', 'Running']],
    ['sort=createdAt', ['Running', 'Alpha', 'Charlie jazz', 'bravo', 'Delta']],
    ['sort=createdAt&order=asc', ['Delta', 'bravo', 'Charlie jazz', 'Alpha', 'Running']],
    ['sort=price', ['Charlie jazz', 'Alpha', 'Delta', 'bravo', 'Running']],
    ['sort=title', ['Alpha', 'bravo', 'Charlie jazz', 'Delta', 'Running']],
    ['sort=title&order=desc', ['Running', 'Delta', 'Charlie jazz', 'bravo', 'Alpha']],
    ['sort=popularity', ['bravo', 'Alpha', 'Running', 'Charlie jazz', 'Delta']],
  ])('sorts by %s', async (query, titles) => {
    expect(await shown(query)).toEqual(titles);
  });

  it.each([
    'sort=id',
    'sort=title;drop table events',
    'order=up',
    'page=0',
    'limit=0',
    'limit=101',
    'limit=ten',
    'page=1&page=2',
    'from=2030-01-01',
    'isFree=perhaps',
    'minPrice=-1',
    'organizerId=2147483648',
    `search=${'x'.repeat(201)}`,
    'search=%00',
    'status=gone',
  ])('400 for %s', async (query) => {
    const { body } = await anonymous.get(`/api/events?${query}`).expect(400);
    expect(body.error.code).toBe('VALIDATION_ERROR');
  });

  it('pages', async () => {
    expect(await shown('limit=2')).toEqual(['Running', 'Delta']);
    expect(await shown('limit=2&page=3')).toEqual(['Alpha']);
    const { body } = await anonymous.get('/api/events?limit=2&page=7').expect(200);
    expect(body).toMatchObject({ data: [], pagination: { page: 7, limit: 2, total: 5, pages: 3 } });
  });

  it('counts up to 10,000 and reads no further', async () => {
    const many = await registerUser({ role: 'organizer' });
    await database.raw(
      `WITH made AS (
         INSERT INTO events (organizer_id, title, starts_at, ends_at, status, published_at)
         SELECT ?, 'Many', now() + interval '99 days', now() + interval '100 days', 'published', now() FROM generate_series(1, 10050)
         RETURNING id)
       INSERT INTO event_inventory (event_id) SELECT id FROM made`,
      [many.user.id],
    );
    const last = await anonymous.get(`/api/events?organizerId=${many.user.id}&limit=100&page=100`).expect(200);
    expect(last.body.data).toHaveLength(100);
    expect(last.body.pagination).toMatchObject({ total: 10_000, pages: 100, totalCapped: true });
    const beyond = await anonymous.get(`/api/events?organizerId=${many.user.id}&limit=100&page=101`).expect(200);
    expect(beyond.body).toMatchObject({ data: [], pagination: { total: 10_000, totalCapped: true } });
    await database('events').where({ organizer_id: many.user.id }).update({ deleted_at: new Date() });
  });

  describe('search', () => {
    it('ranks title over venue over description', async () => {
      expect(await shown('search=jazz')).toEqual(['Charlie jazz', 'Delta', 'Alpha']);
    });

    it('uses the sort parameter if it is given', async () => {
      expect(await shown('search=jazz&sort=startDate')).toEqual(['Delta', 'Charlie jazz', 'Alpha']);
    });

    it.each([
      ['all words', 'jazz perhaps', ['Alpha']],
      ['the beginning of the last word', 'jazz per', ['Alpha']],
      ['only whole words except for the last', 'per jazz', []],
      ['upper and lower case', 'JAZZ cEL', ['Delta']],
      ['upper and lower case in every script', 'ölü çağrı', ['Alpha']],
      ['words between punctuation', 'Ölü/canlı', ['Alpha']],
      ['nothing for a search without words', '!&|', []],
    ])('finds %s', async (_what, search, titles) => {
      expect(await shown(`search=${encodeURIComponent(search)}`)).toEqual(titles);
    });

    it('filters, pages and counts like a list without a search', async () => {
      expect(await shown('search=jazz&category=music&limit=1')).toEqual(['Charlie jazz']);
      const { body } = await anonymous.get('/api/events?search=jazz&limit=2&page=2').expect(200);
      expect(body).toMatchObject({ data: [{ title: 'Alpha' }], pagination: { total: 3, pages: 2 } });
      const beyond = await anonymous.get('/api/events?search=jazz&page=5').expect(200);
      expect(beyond.body).toMatchObject({ data: [], pagination: { total: 3 } });
    });

    it.each([
      "'",
      "''; DROP TABLE events; --",
      'a & | ! b',
      '(((',
      ':*',
      "a':*b",
      '\\',
      '%',
      '<->',
      '<b>x</b>',
      '$1 ?',
      'ﬁ',
      '🎷 🎷',
      '’',
      'İ',
      ' ',
      'a'.repeat(200),
      'http://x.y/z?a=b',
      '-5e3',
      '\u0301',
    ])('treats %j as plain text', async (search) => {
      await anonymous.get(`/api/events?search=${encodeURIComponent(search)}`).expect(200);
      await anonymous.get(`/api/events?sort=price&search=${encodeURIComponent(search)}`).expect(200);
    });
  });

  describe('mine', () => {
    const mine = async (user: TestUser, query = ''): Promise<string[]> => {
      const { body } = await as(user).get(`/api/events?mine=true&sort=title${query}`).expect(200);
      return (body.data as { title: string }[]).map(({ title }) => title);
    };

    it('shows organizers their own events in every status, except deleted ones', async () => {
      expect(await mine(organizer)).toEqual(['Alpha', 'Cancelled', 'Charlie jazz', 'Delta', 'Draft', 'Over']);
      expect(await mine(other)).toEqual(['bravo', 'Running']);
    });

    it('filters by status', async () => {
      expect(await mine(organizer, '&status=draft')).toEqual(['Draft']);
      expect(await mine(organizer, '&status=published')).toEqual(['Alpha', 'Charlie jazz', 'Delta', 'Over']);
    });

    it('does not show another organizer’s events through organizerId', async () => {
      expect(await mine(other, `&organizerId=${organizer.user.id}`)).toEqual(['bravo', 'Running']);
    });

    it('401 for anonymous callers, 403 for customers', async () => {
      await anonymous.get('/api/events?mine=true').expect(401);
      await as(customer).get('/api/events?mine=true').expect(403);
    });
  });

  describe('cost and caching', () => {
    it.each(['', 'search=jazz', 'search=jazz&sort=price', 'category=music&available=true&sort=popularity'])(
      'sends at most two statements for %j',
      async (query) => {
        const statements: string[] = [];
        const listen = ({ sql }: { sql: string }): void => void statements.push(sql);
        database.on('query', listen);
        // Lists for signed-in callers are never cached.
        await as(customer).get(`/api/events?${query}`).expect(200);
        database.off('query', listen);
        const about = statements.filter((sql) => sql.includes('events'));
        expect(about.length).toBeLessThanOrEqual(2);
        expect(about.length).toBeGreaterThan(0);
      },
    );

    it('returns 304 while nothing has changed', async () => {
      const first = await anonymous.get('/api/events?limit=3').expect(200);
      expect(first.headers['cache-control']).toBe('public, max-age=1');
      await anonymous.get('/api/events?limit=3').set('If-None-Match', first.headers.etag!).expect(304);
    });

    it('queries the database once for the same list', async () => {
      const statements: string[] = [];
      const listen = ({ sql }: { sql: string }): void => void statements.push(sql);
      await anonymous.get('/api/events?limit=4').expect(200);
      database.on('query', listen);
      await anonymous.get('/api/events?limit=4').expect(200);
      await anonymous.get('/api/events?limit=4&unknown=5').expect(200);
      database.off('query', listen);
      expect(statements).toEqual([]);
    });

    it('shows a write of the same process at once', async () => {
      const before = await shown('category=fresh');
      const { id } = await makeEvent(organizer, { title: 'Fresh', category: 'fresh' });
      const made = await shown('category=fresh');
      await as(organizer).put(`/api/events/${id}`).send({ title: 'Fresher' }).expect(200);
      const changed = await shown('category=fresh');
      await as(organizer).post(`/api/events/${id}/cancel`).send({ confirm: true }).expect(202);
      expect([before, made, changed, await shown('category=fresh')]).toEqual([[], ['Fresh'], ['Fresher'], []]);
    });

    it('marks responses to signed-in callers as private', async () => {
      const { headers } = await as(customer).get('/api/events').expect(200);
      expect(headers['cache-control']).toMatch(/private/);
    });
  });
});
