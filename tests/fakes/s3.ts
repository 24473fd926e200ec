import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { eventually } from '../helpers/servers/processes';

// One bucket of an S3-compatible store: what an SDK needs to write, read, list and delete. It checks every signature.

export interface FakeS3 {
  url: string;
  /** In order of arrival, such as `PUT /bucket/key?uploadId`. */
  requests: string[];
  /** Requests for which this returns true fail with 500. With `undefined`, none fail. */
  failing: ((request: string) => boolean) | undefined;
  keys(): Promise<string[]>;
  /** Makes an object look as if it was written this long ago. */
  age(key: string, ms: number): Promise<void>;
  unfinished(): number;
  stop(): Promise<void>;
}

export const S3_BUCKET = 'bilten-test';
export const S3_KEYS = { accessKeyId: 'AKIDTEST', secretAccessKey: 'a secret of the tests' };

const PAGE = 3;
const sha256 = (data: string): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

function refusal(status: number, code: string): Error {
  return Object.assign(new Error(code), { status, code });
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

function canonicalQuery(params: URLSearchParams): string {
  const pairs = [...params].map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return pairs.sort((a, b) => (a < b ? -1 : 1)).join('&');
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function checkSignature(req: IncomingMessage, url: URL): void {
  const given =
    /^AWS4-HMAC-SHA256 Credential=(?<id>[^/]+)\/(?<scope>\d{8}\/[^/]+\/s3\/aws4_request), SignedHeaders=(?<signed>[^,]+), Signature=(?<signature>[0-9a-f]{64})$/.exec(
      req.headers.authorization ?? '',
    )?.groups;
  if (!given) throw refusal(403, 'AccessDenied');
  if (given.id !== S3_KEYS.accessKeyId) throw refusal(403, 'InvalidAccessKeyId');
  const { scope = '', signed = '', signature = '' } = given;
  const [day = '', region = ''] = scope.split('/');
  const time = String(req.headers['x-amz-date']);
  const at = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!(Math.abs(Date.now() - at) < 900_000) || !time.startsWith(day)) throw refusal(403, 'RequestTimeTooSkewed');
  const names = signed.split(';');
  // Headers that change the meaning of a request must be signed.
  const needed = Object.keys(req.headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
  if (!needed.every((name) => names.includes(name))) throw refusal(403, 'AccessDenied');
  const lines = names.map((name) => `${name}:${String(req.headers[name]).trim().replace(/ +/g, ' ')}\n`).join('');
  const payload = String(req.headers['x-amz-content-sha256']);
  const canonical = [req.method, url.pathname, canonicalQuery(url.searchParams), lines, signed, payload].join('\n');
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = ['s3', 'aws4_request'].reduce(
    (parent, part) => hmac(parent, part),
    hmac(hmac(`AWS4${S3_KEYS.secretAccessKey}`, day), region),
  );
  if (!timingSafeEqual(hmac(key, text), Buffer.from(signature, 'hex'))) throw refusal(403, 'SignatureDoesNotMatch');
}

/** Unpacks an aws-chunked body: chunks of `<hex size>[;extension]\r\n<bytes>\r\n`, a last chunk of size 0, then trailers. */
async function* unchunked(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  let left: number | undefined;
  for await (const chunk of body) {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      if (left === undefined) {
        const end = rest.indexOf('\r\n');
        if (end < 0) break;
        left = parseInt(rest.subarray(0, end).toString('latin1'), 16);
        rest = rest.subarray(end + 2);
        if (!(left > 0)) return;
      }
      if (rest.length < left + 2) break;
      yield rest.subarray(0, left);
      rest = rest.subarray(left + 2);
      left = undefined;
    }
  }
  throw refusal(400, 'IncompleteBody');
}

/** Writes a body to disk and returns its MD5. Refuses a body that differs from the signed one. */
async function writeBody(req: IncomingMessage, target: string): Promise<string> {
  const payload = String(req.headers['x-amz-content-sha256']);
  const isChunked = payload.startsWith('STREAMING-');
  const [all, md5] = [createHash('sha256'), createHash('md5')];
  async function* hashed(): AsyncGenerator<Buffer> {
    for await (const chunk of isChunked ? unchunked(req) : (req as AsyncIterable<Buffer>)) {
      all.update(chunk);
      md5.update(chunk);
      yield chunk;
    }
  }
  await pipeline(hashed, createWriteStream(target));
  if (/^[0-9a-f]{64}$/.test(payload) && all.digest('hex') !== payload) {
    await rm(target);
    throw refusal(400, 'XAmzContentSHA256Mismatch');
  }
  return md5.digest('hex');
}

const tag = (name: string, content: string | number): string => `<${name}>${content}</${name}>`;

/** @param folder where the objects are stored */
export async function startFakeS3(folder: string): Promise<FakeS3> {
  const objects = path.join(folder, 'objects');
  const parts = path.join(folder, 'parts');
  for (const each of [objects, parts]) await mkdir(each, { recursive: true });
  const uploads = new Map<string, { key: string; at: string }>();
  const placeOf = (key: string): string => path.join(objects, encodeURIComponent(key));
  const keys = async (): Promise<string[]> => (await readdir(objects)).map(decodeURIComponent).sort();

  async function list(query: URLSearchParams): Promise<string> {
    const behind = query.get('continuation-token') ?? '';
    const found = (await keys()).filter((key) => key > behind);
    const page = await Promise.all(
      found.slice(0, PAGE).map(async (key) => {
        const { size, mtime } = await stat(placeOf(key));
        return tag('Contents', tag('Key', key) + tag('Size', size) + tag('LastModified', mtime.toISOString()));
      }),
    );
    const next = found.length > PAGE ? tag('NextContinuationToken', found[PAGE - 1]!) : '';
    return tag('ListBucketResult', tag('IsTruncated', String(next !== '')) + next + page.join(''));
  }

  function listUploads(): string {
    const each = ([id, { key, at }]: [string, { key: string; at: string }]) =>
      tag('Upload', tag('Key', key) + tag('UploadId', id) + tag('Initiated', at));
    return tag('ListMultipartUploadsResult', [...uploads].map(each).join(''));
  }

  async function complete(req: IncomingMessage, id: string): Promise<string> {
    let text = '';
    for await (const chunk of req) text += String(chunk);
    const numbers = [...text.matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, number]) => number);
    const upload = uploads.get(id);
    if (!upload) throw refusal(404, 'NoSuchUpload');
    const whole = path.join(parts, id);
    async function* joined(): AsyncGenerator<Buffer> {
      for (const number of numbers) yield* createReadStream(`${whole}.${number}`) as AsyncIterable<Buffer>;
    }
    await pipeline(joined, createWriteStream(whole));
    await rename(whole, placeOf(upload.key));
    await forget(id);
    return tag('CompleteMultipartUploadResult', tag('Key', upload.key) + tag('ETag', `"${id}-${numbers.length}"`));
  }

  async function forget(id: string): Promise<void> {
    uploads.delete(id);
    for (const name of await readdir(parts)) if (name.startsWith(id)) await rm(path.join(parts, name));
  }

  async function put(req: IncomingMessage, res: ServerResponse, place: { key: string; query: URLSearchParams }) {
    const id = place.query.get('uploadId');
    if (id !== null && !uploads.has(id)) throw refusal(404, 'NoSuchUpload');
    const target = path.join(parts, id === null ? randomUUID() : `${id}.${place.query.get('partNumber')}`);
    res.setHeader('ETag', `"${await writeBody(req, target)}"`);
    if (id === null) await rename(target, placeOf(place.key));
    res.end();
  }

  async function get(req: IncomingMessage, res: ServerResponse, key: string): Promise<void> {
    const found = await stat(placeOf(key)).catch(() => undefined);
    if (!found) throw refusal(404, 'NoSuchKey');
    res.setHeader('Content-Length', found.size);
    if (req.method === 'HEAD') res.end();
    else await pipeline(createReadStream(placeOf(key)), res);
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', 'http://s3');
    fake.requests.push(`${req.method} ${req.url}`);
    checkSignature(req, url);
    if (fake.failing?.(`${req.method} ${req.url}`)) throw refusal(500, 'InternalError');
    const [, bucket, key = ''] = url.pathname.split('/').map(decodeURIComponent);
    if (bucket !== S3_BUCKET) throw refusal(404, 'NoSuchBucket');
    const query = url.searchParams;
    const id = query.get('uploadId');
    if (req.method === 'PUT') return put(req, res, { key, query });
    if (req.method === 'POST' && query.has('uploads')) {
      const made = randomUUID();
      uploads.set(made, { key, at: new Date().toISOString() });
      res.end(tag('InitiateMultipartUploadResult', tag('Key', key) + tag('UploadId', made)));
    } else if (req.method === 'POST' && id !== null) res.end(await complete(req, id));
    else if (req.method === 'DELETE') {
      if (id !== null) await forget(id);
      else await rm(placeOf(key), { force: true });
      res.writeHead(204).end();
    } else if (key !== '') await get(req, res, key);
    else res.end(query.has('uploads') ? listUploads() : await list(query));
  }

  const server = createServer((req, res) => {
    answer(req, res).catch((error: Error & { status?: number; code?: string }) => {
      if (res.headersSent) return void res.destroy();
      req.resume();
      res.writeHead(error.status ?? 500, { 'Content-Type': 'application/xml' });
      res.end(tag('Error', tag('Code', error.code ?? 'InternalError') + tag('Message', error.message)));
    });
  });
  server.listen(0, '127.0.0.1');
  await eventually(async () => server.listening);
  const fake: FakeS3 = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    failing: undefined,
    keys,
    age: (key, ms) => utimes(placeOf(key), new Date(), new Date(Date.now() - ms)),
    unfinished: () => uploads.size,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fake;
}
