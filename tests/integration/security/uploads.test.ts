import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { crc32, deflateSync } from 'node:zlib';
import type { Response } from 'supertest';
import { database } from '../../../src/database';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { as, testApp } from '../../helpers/client';
import { makeEvent } from '../../helpers/events';
import {
  fetching,
  knownKeys,
  nothingIsLeft,
  PDF,
  picture,
  storedKeys,
  useStorage,
  type TestFile,
} from '../../helpers/files';

// Uploads that are accepted must be harmless, and refused uploads must leave nothing behind.

const ABORTED = Number(process.env.ABORTED_UPLOADS ?? 2000);
const MARK = 'alert(document.domain)';
const SCRIPT = `<script>${MARK}</script>`;
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" onload="${MARK}">${SCRIPT}</svg>`;
const MB = 1024 * 1024;

let user: TestUser;
let images: Record<'png' | 'jpeg' | 'webp', Buffer>;
beforeAll(async () => {
  user = await registerUser({ role: 'organizer' });
  const [png, jpeg, webp] = await Promise.all(
    (['png', 'jpeg', 'webp'] as const).map((format) => picture({ format, width: 400, height: 300 })),
  );
  images = { png: png!, jpeg: jpeg!, webp: webp! };
});

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

/** Returns a PNG that declares this size but contains `rows` black rows. */
function png(width: number, height: number, rows: number, more: Buffer[] = []): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0], 8);
  const pixels = deflateSync(Buffer.alloc(rows * (width + 1)), { level: 9 });
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...more,
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

interface Part {
  name?: string;
  filename?: string;
  type?: string;
  content: Buffer | string;
}

// A part without a type and a file name is a field.
const part = ({
  name = 'file',
  filename,
  type = filename === undefined ? 'text/plain' : 'application/octet-stream',
  content,
}: Part): Buffer =>
  Buffer.concat([
    Buffer.from(
      `--b\r\nContent-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}\r\n` +
        `Content-Type: ${type}\r\n\r\n`,
    ),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);

const body = (...parts: Part[]): Buffer => Buffer.concat([...parts.map(part), Buffer.from('--b--\r\n')]);
const file = (content: Buffer | string, more: Partial<Part> = {}): Buffer =>
  body({ filename: 'a.png', content, ...more });
const after = (image: Buffer, ...text: string[]): Buffer => Buffer.concat([image, Buffer.from(text.join(''))]);

/** Returns hostile uploads: a name, the body, and the statuses that are allowed. */
const hostile = (): [what: string, sent: Buffer, statuses: number[]][] => [
  // Markup under various names.
  ['SVG', file(SVG, { filename: 'a.svg', type: 'image/svg+xml' }), [415]],
  ['SVG that is declared as a PNG', file(SVG, { type: 'image/png' }), [415]],
  ['SVG behind an XML declaration', file(`<?xml version="1.0"?>${SVG}`), [415]],
  ['SVG behind spaces', file(`${' \n\t'.repeat(900)}${SVG}`), [415]],
  ['SVG behind a byte order mark', file(`\ufeff${SVG}`), [415]],
  ['SVG in UTF-16', file(Buffer.from(`\ufeff${SVG}`, 'utf16le')), [415]],
  ['zipped SVG', file(Buffer.from('1f8b08000000000000ff', 'hex')), [415]],
  ['HTML', file(`<!doctype html>${SCRIPT}`, { filename: 'a.html', type: 'text/html' }), [415]],
  ['HTML in capitals', file(`<HTML>${SCRIPT}`, { filename: 'a.htm' }), [415]],
  ['HTML behind a comment', file(`<!-- a -->${SCRIPT}`), [415]],
  ['a script element', file(SCRIPT, { filename: 'a.txt', type: 'text/plain' }), [415]],
  ['HTML behind plain words', file(`Hello. ${SCRIPT}`, { filename: 'a.html', type: 'text/html' }), [201]],
  ['JavaScript', file(MARK, { filename: 'a.js', type: 'text/javascript' }), [201]],
  ['a manifest for caching', file('CACHE MANIFEST\n/', { type: 'text/cache-manifest' }), [201]],
  [
    'a multipart document in itself',
    file('MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n', { filename: 'a.mht' }),
    [201],
  ],
  // Polyglots.
  ['a JPEG followed by HTML', file(after(images.jpeg, SCRIPT), { filename: 'a.html' }), [201]],
  ['a PNG followed by HTML', file(after(images.png, SCRIPT)), [201]],
  ['a WebP followed by HTML', file(after(images.webp, SCRIPT)), [201]],
  ['a PNG followed by a ZIP', file(after(images.png, 'PK\x03\x04')), [201]],
  ['a PNG with a script in its text', file(png(4, 4, 4, [chunk('tEXt', Buffer.from(`Comment\0${SCRIPT}`))])), [201]],
  [
    'a JPEG with a script in its comment',
    file(
      Buffer.concat([
        images.jpeg.subarray(0, 2),
        Buffer.from([0xff, 0xfe, 0, SCRIPT.length + 2]),
        Buffer.from(SCRIPT),
        images.jpeg.subarray(2),
      ]),
    ),
    [201],
  ],
  ['a PDF followed by HTML', file(after(PDF, SCRIPT, '%%EOF'), { filename: 'a.html', type: 'text/html' }), [201]],
  ['a PDF with JavaScript', file(after(PDF, `/OpenAction << /S /JavaScript /JS (${MARK}) >> %%EOF`)), [201]],
  ['HTML followed by a PDF', file(after(Buffer.from(SCRIPT), String(PDF))), [415]],
  ['a GIF that is JavaScript', file(`GIF89a/*${'\0'.repeat(9)}*/=1;${MARK}`), [415]],
  ['a BMP that is text', file(`BM${MARK}`), [201]],
  // Other file types.
  ['a program', file(Buffer.from('7f454c46020101000000000000000000', 'hex')), [415]],
  ['a Windows program', file(Buffer.from('4d5a90000300000004000000ffff0000', 'hex')), [415]],
  ['a ZIP', file('PK\x03\x04\x14\0\0\0'), [415]],
  ['AVIF', file(Buffer.from('0000001c667479706176696600000000', 'hex')), [415]],
  ['TIFF', file(Buffer.from('49492a0008000000', 'hex')), [415]],
  ['bytes that are not UTF-8', file(Buffer.from([0x48, 0xc3, 0x28])), [415]],
  ['a text with a NUL', file('a\0b'), [415]],
  // Files whose content does not match their start.
  ['the beginning of a PNG, then text', file(after(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), SCRIPT)), [400, 415]],
  ['the beginning of a JPEG, then text', file(after(Buffer.from([0xff, 0xd8, 0xff, 0xe0]), SCRIPT)), [400, 415]],
  ['the beginning of a WebP, then text', file(`RIFF\x24\0\0\0WEBPVP8 ${SCRIPT}`), [400, 415]],
  ['half a PNG', file(images.png.subarray(0, images.png.length / 2)), [400]],
  ['half a JPEG', file(images.jpeg.subarray(0, images.jpeg.length * 0.7)), [400]],
  ['half a WebP', file(images.webp.subarray(0, images.webp.length / 2)), [400]],
  ['half a PDF', file(PDF.subarray(0, 40)), [400]],
  // Huge files and decompression bombs.
  ['a PNG of 65,535 × 65,535 pixels', file(png(65_535, 65_535, 1)), [400]],
  ['a PNG of 2³¹ − 1 pixels in a row', file(png(2_147_483_647, 1, 0)), [400]],
  ['a PNG of 51 million black pixels in 60 kB', file(png(7200, 7200, 7200)), [400]],
  [
    'a PNG whose text inflates to 60 MB',
    file(png(4, 4, 4, [chunk('zTXt', Buffer.concat([Buffer.from('a\0\0'), deflateSync(Buffer.alloc(60 * MB))]))])),
    [201, 400],
  ],
  ['10 MB and a byte', file(Buffer.alloc(10 * MB + 1, 'a')), [413]],
  ['12 MB', file(Buffer.alloc(12 * MB, 'a')), [413]],
  // File names.
  ...[
    '../../../../etc/passwd',
    '..\\\\..\\\\boot.ini',
    '/etc/passwd',
    'C:\\\\a.png',
    'a.png\0.html',
    '.htaccess',
    '%2e%2e%2fa',
    'a\u202egnp.exe',
    "\"; filename*=utf-8''%00",
    'x'.repeat(5000),
  ].map((filename): [string, Buffer, number[]] => [
    `the name ${filename.slice(0, 30)}`,
    file(images.png, { filename }),
    [201, 400],
  ]),
  // Multipart structure.
  ['one field too many', body({ filename: 'a', content: PDF }, { name: 'role', content: 'admin' }), [400]],
  [
    'a field named __proto__',
    body({ filename: 'a', content: PDF }, { name: '__proto__[role]', content: 'admin' }),
    [400],
  ],
  [
    'a hundred fields',
    body(...Array.from({ length: 100 }, (_, n) => ({ name: `f${n}`, content: 'x' })), { filename: 'a', content: PDF }),
    [413],
  ],
  ['a hundred files', body(...Array.from({ length: 100 }, () => ({ filename: 'a', content: PDF }))), [400, 413]],
  ['a field of 5 MB', body({ name: 'a', content: Buffer.alloc(5 * MB, 'a') }), [413]],
  ['a field with a name of 10 kB', body({ name: 'a'.repeat(10_000), content: 'x' }), [400, 413]],
  ['a file under another name', file(PDF, { name: 'picture' }), [400]],
  ['a file that is a field', file('text', { filename: undefined, type: 'text/plain' }), [400]],
  ['no last boundary', file(PDF).subarray(0, -8), [400]],
  ['no boundary at all', Buffer.from('--'), [400]],
  [
    'a part without a name',
    Buffer.from('--b\r\nContent-Disposition: form-data; filename="a"\r\n\r\nx\r\n--b--\r\n'),
    [400],
  ],
  [
    'a part with a header of 100 kB',
    Buffer.concat([Buffer.from(`--b\r\nX: ${'x'.repeat(100_000)}\r\n`), file(PDF)]),
    [400],
  ],
];

function post(sent: Buffer, to = '/api/files'): Promise<Response> {
  const request = as(user).post(to).set('Content-Type', 'multipart/form-data; boundary=b');
  return request.send(sent) as unknown as Promise<Response>;
}

/** Asserts that a browser can open an accepted file without danger. */
async function checkInert({ url, mimetype, originalName }: TestFile): Promise<void> {
  // eslint-disable-next-line no-control-regex
  expect(originalName).not.toMatch(/[\0-\x1f/\\\u202e]/);
  const { headers, body: bytes } = await fetching(url).expect(200);
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  });
  expect(headers['content-type']).toBe(mimetype === 'text/plain' ? 'text/plain; charset=utf-8' : mimetype);
  const isImage = mimetype.startsWith('image/');
  if (isImage) expect((bytes as Buffer).includes(MARK)).toBe(false);
  else expect(headers['content-disposition']).toMatch(/^attachment; filename=/);
}

describe('hostile uploads', () => {
  useStorage('local');

  it('are stored only if they are harmless, and leave nothing else behind', async () => {
    const cases = hostile();
    expect(cases.length).toBeGreaterThanOrEqual(50);
    const { id } = await makeEvent(user);
    for (const [what, sent, statuses] of cases) {
      const answer = await post(sent);
      const { status, body: told } = answer as { status: number; body: { data: TestFile } };
      expect({ what, status, isExpected: statuses.includes(status) }).toEqual({ what, status, isExpected: true });
      if (status === 201) await checkInert(told.data);
    }
    // A file that is not an image is never accepted as a cover.
    for (const sent of [file(SVG), file(PDF), file(MARK), file(png(65_535, 65_535, 1))])
      expect([400, 415]).toContain((await post(sent, `/api/events/${id}/cover`)).status);
    expect(await storedKeys()).toEqual(await knownKeys());
    expect((await database('files').distinct('mimetype').pluck('mimetype')).sort()).toEqual([
      'application/pdf',
      'image/jpeg',
      'image/png',
      'image/webp',
      'text/plain',
    ]);
    expect(Object.prototype).not.toHaveProperty('role');
    await nothingIsLeft();
  }, 60_000);
});

describe('aborted uploads', () => {
  useStorage('local');
  let server: Server;
  let port: number;
  beforeAll(async () => {
    server = createServer(testApp()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Sends the beginning of an upload and disconnects. */
  function abandon(sent: Buffer, length: number): Promise<void> {
    return new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1');
      socket.on('error', () => undefined).once('close', () => resolve());
      const head = `POST /api/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${user.token}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${length}\r\n\r\n`;
      socket.write(Buffer.concat([Buffer.from(head), sent]), () => socket.resetAndDestroy());
    });
  }

  it(`leave nothing behind after ${ABORTED} tries`, async () => {
    const whole = file(images.jpeg);
    const before = await storedKeys();
    let begun = 0;
    const many = async (): Promise<void> => {
      while (begun < ABORTED) {
        begun += 1;
        // The part that is sent grows from nothing to almost everything.
        await abandon(whole.subarray(0, Math.floor((whole.length * (begun % 100)) / 100)), whole.length);
      }
    };
    await Promise.all(Array.from({ length: 20 }, many));
    await nothingIsLeft();
    expect(await storedKeys()).toEqual(before);
    expect((await post(whole)).status).toBe(201);
  }, 60_000);
});
