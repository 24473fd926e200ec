import sharp from 'sharp';
import request from 'supertest';
import { database } from '../../../src/database';
import type { RunningWorker } from '../../../src/worker';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { anonymous, as, testApp } from '../../helpers/client';
import { makeEvent, type TestEvent } from '../../helpers/events';
import {
  fetching,
  knownKeys,
  nothingIsLeft,
  PDF,
  picture,
  storedKeys,
  uploaded,
  uploading,
  useStorage,
  type TestFile,
} from '../../helpers/files';
import { allDone, messagesOf } from '../../helpers/messages';
import { startTestWorker } from '../../helpers/servers/worker';

let user: TestUser;
let organizer: TestUser;
let admin: TestUser;

beforeAll(async () => {
  [user, organizer, admin] = [
    await registerUser(),
    await registerUser({ role: 'organizer' }),
    await registerUser({ role: 'admin' }),
  ];
});

const shownEvent = async (id: number): Promise<TestEvent> =>
  ((await anonymous.get(`/api/events/${id}`).expect(200)).body as { data: TestEvent }).data;

async function covered(eventId: number, image: Buffer): Promise<string> {
  const { body } = await uploading(organizer, image, { to: `/api/events/${eventId}/cover` }).expect(200);
  return (body as { data: TestEvent }).data.coverImageUrl!;
}

describe.each(['local', 's3'] as const)('files on the %s driver', (driver) => {
  const stage = useStorage(driver);

  async function withWorker(work: () => Promise<void>): Promise<void> {
    const worker: RunningWorker = await startTestWorker(stage.environment);
    try {
      await work();
    } finally {
      await worker.stop();
    }
  }

  afterEach(nothingIsLeft);

  describe('createFile', () => {
    it.each(['jpeg', 'png', 'webp'] as const)('re-encodes a %s in several widths', async (format) => {
      const file = await uploaded(user, await picture({ format, width: 900, height: 600 }), 'Ärger 100%.jpg');
      expect(file).toMatchObject({
        filename: expect.stringMatching(/^[0-9a-f]{40}\./),
        originalName: 'Ärger 100%.jpg',
        mimetype: `image/${format}`,
        urlExpiresAt: null,
        width: 900,
        height: 600,
      });
      expect(file.variants.map(({ width, height }) => [width, height])).toEqual([
        [320, 213],
        [640, 427],
      ]);
      for (const { url, width } of [file as { url: string; width: number | null }, ...file.variants]) {
        const answer = await fetching(url).expect(200);
        expect(answer.headers).toMatchObject({
          'content-type': `image/${format}`,
          'content-length': String((answer.body as Buffer).length),
          'cache-control': 'public, max-age=31536000, immutable',
          'x-content-type-options': 'nosniff',
          'content-security-policy': "default-src 'none'; sandbox",
          'cross-origin-resource-policy': 'cross-origin',
        });
        expect(await sharp(answer.body as Buffer).metadata()).toMatchObject({ format, width });
      }
      expect((await fetching(file.url)).headers['content-length']).toBe(String(file.size));
    });

    it('keeps the name without what cannot be seen, and cuts it between graphemes', async () => {
      const image = await picture({ width: 10, height: 10 });
      const named = async (name: string) => (await uploaded(user, image, name)).originalName;
      expect(await named('in\u200bvoice\u2028\u061c.jpg')).toBe('invoice.jpg');
      expect(await named('👩‍🚀 नमस्ते.jpg')).toBe('👩‍🚀 नमस्ते.jpg');
      // Three characters each.
      const astronauts = '👩‍🚀'.repeat(100);
      expect(await named(`ab${astronauts}`)).toBe(`ab${'👩‍🚀'.repeat(84)}`);
    });

    it('rotates an image upright and removes its metadata', async () => {
      const withPlace = await sharp({ create: { width: 60, height: 40, channels: 3, background: 'red' } })
        .withExif({ IFD0: { Artist: 'Ada Lovelace' }, IFD3: { GPSLatitude: '48/1 12/1 30/1' } })
        .withMetadata({ orientation: 6 })
        .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><script>alert(1)</script></x:xmpmeta>')
        .jpeg()
        .toBuffer();
      expect(withPlace.includes('Ada Lovelace')).toBe(true);
      const { url, width, height } = await uploaded(user, withPlace);
      expect([width, height]).toEqual([40, 60]);
      const bytes = (await fetching(url)).body as Buffer;
      const { exif, xmp, icc, orientation } = await sharp(bytes).metadata();
      expect({ exif, xmp, icc, orientation }).toEqual({});
      expect(bytes.includes('Lovelace') || bytes.includes('script')).toBe(false);
    });

    it('keeps the first frame of an animation, and limits the width', async () => {
      const blue = await sharp({ create: { width: 40, height: 30, channels: 3, background: 'blue' } })
        .png()
        .toBuffer();
      const frames = await sharp([await picture(), blue], { join: { animated: true } })
        .webp({ loop: 0, delay: [100, 100] })
        .toBuffer();
      expect((await sharp(frames).metadata()).pages).toBe(2);
      const still = await uploaded(user, frames);
      expect((await sharp((await fetching(still.url)).body as Buffer).metadata()).pages ?? 1).toBe(1);
      const wide = await uploaded(user, await picture({ width: 3000, height: 20, format: 'jpeg' }));
      expect([wide.width, wide.variants.map(({ width }) => width)]).toEqual([2560, [320, 640, 1280]]);
    });

    it.each([
      ['a PDF', PDF, 'application/pdf', 'application/pdf'],
      ['text', Buffer.from('Grüße aus der Küche – <3'), 'text/plain', 'text/plain; charset=utf-8'],
    ])('serves %s as a download for an hour to anybody with its link', async (_what, content, mimetype, served) => {
      const file = await uploaded(user, content, 'Räume "1".html');
      expect(file).toMatchObject({ mimetype, size: content.length, width: null, variants: [] });
      const answer = await fetching(file.url).expect(200);
      expect((answer.body as Buffer).equals(content)).toBe(true);
      expect(answer.headers).toMatchObject({
        'content-type': served,
        'content-disposition': expect.stringMatching(/^attachment; filename=.*filename\*=UTF-8''R%C3%A4ume/),
        'cache-control': 'private, no-store',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
      });
      const { origin, pathname, searchParams } = new URL(file.url);
      const query = (changes: Record<string, string>) =>
        `${origin}${pathname}?${new URLSearchParams({ ...Object.fromEntries(searchParams), ...changes })}`;
      for (const url of [
        origin + pathname,
        query({ expires: '99999999999' }),
        query({ expires: '1e99' }),
        query({ signature: 'x' }),
        `${query({})}&signature=x`,
      ])
        await fetching(url).expect(403);
      const later = jest.spyOn(Date, 'now').mockReturnValue(Date.parse(file.urlExpiresAt!) + 1);
      await fetching(file.url).expect(403);
      later.mockRestore();
    });

    it('runs once per Idempotency-Key', async () => {
      const image = await picture();
      const send = (content: Buffer) => uploading(user, content).set('Idempotency-Key', `once on ${driver}`);
      const { body } = await send(image).expect(201);
      const again = await send(image).expect(201);
      expect(again.headers['idempotent-replayed']).toBe('true');
      expect(again.body).toEqual(body);
      await send(PDF).expect(422);
      expect(await storedKeys()).toEqual(await knownKeys());
    });

    it('requires exactly one file', async () => {
      const post = () => as(user).post('/api/files');
      const refused = async (sent: ReturnType<typeof post>, status: number, code: string) => {
        const { body } = await sent.expect(status);
        expect((body as { error: { code: string } }).error.code).toBe(code);
        return (body as { error: { message: string } }).error.message;
      };
      const valid = 'VALIDATION_ERROR';
      expect(await refused(post(), 400, valid)).toBe('file: is required');
      await refused(post().field('name', 'x'), 400, valid);
      expect(await refused(post().attach('file', PDF, 'a').field('colour', 'red'), 400, valid)).toContain('colour');
      await refused(post().attach('picture', PDF, 'a'), 400, valid);
      await refused(post().attach('file', PDF, 'a').attach('file', PDF, 'b'), 400, valid);
      await refused(post().attach('file', Buffer.alloc(0), 'a'), 400, valid);
      await refused(post().send({ file: 'x' }), 415, 'UNSUPPORTED_MEDIA_TYPE');
      await refused(post().attach('file', Buffer.alloc(10 * 1024 * 1024 + 1, 'x'), 'a'), 413, 'PAYLOAD_TOO_LARGE');
      await refused(post().attach('file', Buffer.from('GIF89a\x01\0\x01\0'), 'a'), 415, 'UNSUPPORTED_MEDIA_TYPE');
      expect(await storedKeys()).toEqual(await knownKeys());
    });
  });

  it('are visible to their owner and to admins until they are deleted', async () => {
    const owner = await registerUser();
    const kept = await uploaded(owner, PDF);
    const file = await uploaded(owner, await picture({ width: 700 }));
    const { body } = await as(owner).get('/api/files').expect(200);
    expect((body as { data: TestFile[] }).data.map(({ id }) => id)).toEqual([file.id, kept.id]);
    expect((body as { pagination: unknown }).pagination).toMatchObject({ total: 2 });
    for (const one of [owner, admin]) await as(one).get(`/api/files/${file.id}`).expect(200);
    await as(user).get(`/api/files/${file.id}`).expect(404);
    await as(user).delete(`/api/files/${file.id}`).expect(404);
    await as(owner).delete(`/api/files/${file.id}`).expect(204);
    await as(owner).delete(`/api/files/${file.id}`).expect(404);
    expect((await messagesOf('file.deleted')).at(-1)!.payload.keys).toHaveLength(3);
    await withWorker(allDone);
    expect(await storedKeys()).toEqual(await knownKeys());
    for (const { url } of [file, ...file.variants]) await fetching(url).expect(404);
    await fetching(kept.url).expect(200);
  });

  describe('replaceCover', () => {
    it('shows the cover wherever the event appears, and deletes the previous one', async () => {
      const event = await makeEvent(organizer);
      await anonymous.get(`/api/events?organizerId=${organizer.user.id}`).expect(200);
      const first = await covered(event.id, await picture({ width: 400 }));
      const second = await covered(event.id, await picture({ width: 500 }));
      expect((await shownEvent(event.id)).coverImageUrl).toBe(second);
      const list = await anonymous.get(`/api/events?organizerId=${organizer.user.id}&limit=100`).expect(200);
      const listed = (list.body as { data: TestEvent[] }).data.find(({ id }) => id === event.id);
      expect(listed!.coverImageUrl).toBe(second);
      const { body } = await as(user).post('/api/bookings').send({ eventId: event.id, ticketsCount: 1 }).expect(201);
      expect((body as { data: { event: TestEvent } }).data.event.coverImageUrl).toBe(second);
      await withWorker(allDone);
      await fetching(first).expect(404);
      const width = async (url: string) =>
        (await sharp((await fetching(url).expect(200)).body as Buffer).metadata()).width;
      expect(await width(second.replace('.png', '-320.png'))).toBe(320);
      // Pages need not know how wide an image is: it is served in each width that it has not, too.
      expect(await width(second.replace('.png', '-1280.png'))).toBe(500);
      await fetching(second.replace('.png', '-900.png')).expect(404);
      expect(await storedKeys()).toEqual(await knownKeys());
    });

    it('leaves the event without a cover when its file is deleted', async () => {
      const event = await makeEvent(organizer);
      const url = await covered(event.id, await picture());
      const key = new URL(url).pathname.split('/').at(-1)!;
      const { id } = await database('files').where({ key }).first<{ id: number }>('id');
      await as(organizer).delete(`/api/files/${id}`).expect(204);
      expect((await shownEvent(event.id)).coverImageUrl).toBeNull();
      await withWorker(allDone);
    });

    it('accepts only images, and keeps the previous cover on refusal', async () => {
      const event = await makeEvent(organizer);
      const url = await covered(event.id, await picture());
      const broken = (await picture({ width: 300, height: 300, format: 'jpeg' })).subarray(0, 400);
      await uploading(organizer, PDF, { to: `/api/events/${event.id}/cover` }).expect(415);
      await uploading(organizer, broken, { to: `/api/events/${event.id}/cover` }).expect(400);
      expect((await shownEvent(event.id)).coverImageUrl).toBe(url);
    });

    it('leaves one cover after ten concurrent uploads', async () => {
      const event = await makeEvent(organizer);
      const image = await picture();
      const urls = await Promise.all(Array.from({ length: 10 }, () => covered(event.id, image)));
      expect(urls).toContain((await shownEvent(event.id)).coverImageUrl);
      await withWorker(allDone);
      expect(await storedKeys()).toEqual(await knownKeys());
    });
  });

  it('include an organizer’s logo, shown with their events', async () => {
    const owner = await registerUser({ role: 'organizer' });
    const event = await makeEvent(owner);
    const image = await picture();
    await uploading(owner, image, { to: '/api/users/me/logo' }).expect(200);
    const { body } = await uploading(owner, image, { to: '/api/users/me/logo' }).expect(200);
    const { logoUrl } = (body as { data: { logoUrl: string } }).data;
    expect((await shownEvent(event.id)).organizer.logoUrl).toBe(logoUrl);
    await fetching(logoUrl).expect(200);
    await uploading(user, image, { to: '/api/users/me/logo' }).expect(403);
    await withWorker(allDone);
    expect(await storedKeys()).toEqual(await knownKeys());
  });

  it('are not sent again on revalidation', async () => {
    const { url, filename } = await uploaded(user, await picture());
    const { headers } = await fetching(url).set('If-None-Match', `"${filename}"`).expect(304);
    expect(headers.etag).toBe(`"${filename}"`);
    const head = await request(testApp()).head(new URL(url).pathname).expect(200);
    expect(Number(head.headers['content-length'])).toBeGreaterThan(0);
    await anonymous.delete(new URL(url).pathname).expect(405);
  });
});

describe('files during a store outage', () => {
  const stage = useStorage('s3');

  it('return 503, and leave nothing behind once it is back', async () => {
    stage.s3!.failing = (request) => request.includes('-320') || request.startsWith('GET');
    const known = await uploading(user, PDF).expect(201);
    await fetching((known.body as { data: TestFile }).data.url).expect(503);
    await uploading(user, await picture({ width: 700 })).expect(503);
    stage.s3!.failing = undefined;
    expect((await storedKeys()).length).toBeGreaterThan((await knownKeys()).length);
    const worker = await startTestWorker(stage.environment);
    await allDone();
    await worker.stop();
    expect(await storedKeys()).toEqual(await knownKeys());
    await nothingIsLeft();
  });
});
