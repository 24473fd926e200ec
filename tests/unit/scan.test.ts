import { generateKeyPairSync, sign, webcrypto } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { getSignedBytes, hashClaims, writeCode } from '../../src/lib/ticket-code';

interface Read {
  ticketId: number;
  eventId: number;
}
interface Verdict {
  kind: string;
}
interface Key {
  id: number;
  jwk: object;
}

/** Loads a module that runs in browsers. */
const load = <T>(name: string): T =>
  createRequire(__filename)(path.join(__dirname, '..', '..', 'assets', 'pages', 'lib', 'scan', name)) as T;

const { readCode, getDigest, isGenuine } = load<{
  readCode(text: string): Read | undefined;
  getDigest(code: Read): Promise<string>;
  isGenuine(code: Read, keys: Key[]): Promise<boolean>;
}>('ticket-code.js');
const { judgeCode, judgeResult, findConflict, compareWithList, findEntries } = load<{
  judgeCode(code: Read | undefined, known: object): Verdict;
  judgeResult(result: object): Verdict;
  findConflict(row: object, result: object): object | undefined;
  compareWithList(own: object, entry: object | undefined): object | undefined;
  findEntries(entries: object[], text: string, limit: number): { id: number }[];
}>('judge.js');
const { takeBatch } = load<{ takeBatch(rows: object[]): { id: string }[] }>('outbox.js');
const { createGate } = load<{
  createGate(onCode: (code: string) => void, now: () => number): (codes: string[]) => void;
}>('camera.js');

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const claims = { id: 70_000, eventId: 7, nonce: '0a0b0c0d-0102-4304-8506-0708090a0b0c' };
const signed = getSignedBytes(claims, 3);
const code = writeCode(signed, sign(null, signed, privateKey));
const keys = [{ id: 3, jwk: publicKey.export({ format: 'jwk' }) }];

const [EARLY, LATE] = ['2026-03-01T19:00:00.000Z', '2026-03-01T19:05:00.000Z'] as const;
const entry = {
  id: claims.id,
  digest: hashClaims(claims),
  ticketTypeId: 1,
  seat: null,
  attendeeName: 'Zoë Ångström' as string | null,
  bookerName: 'Ada Lovelace',
  reference: 'DGMKRT4679',
  checkedInAt: null as string | null,
  checkedInGate: null as string | null,
};

describe('the code of a ticket on the phone', () => {
  it('says the same as on the server', async () => {
    const read = readCode(` ${code}\r\n`)!;
    expect(read).toMatchObject({ ticketId: claims.id, eventId: claims.eventId, keyId: 3 });
    expect(await getDigest(read)).toBe(hashClaims(claims));
    for (const text of ['', 'let me in', code.toLowerCase(), code.slice(1), `${code}A`])
      expect(readCode(text)).toBeUndefined();
  });

  it('is genuine if a known key has signed it, whether or not the browser knows Ed25519', async () => {
    const forged = readCode(
      code.replace(/^(.{20})(.)/, (_all, start: string, at: string) => start + (at === 'A' ? 'B' : 'A')),
    )!;
    const check = async () => [
      await isGenuine(readCode(code)!, keys),
      await isGenuine(forged, keys),
      await isGenuine(readCode(code)!, [{ ...keys[0]!, id: 4 }]),
    ];
    expect(await check()).toEqual([true, false, false]);
    const unknown = jest.spyOn(webcrypto.subtle, 'importKey').mockRejectedValue(new Error('NotSupportedError'));
    expect(await check()).toEqual([true, false, false]);
    expect(unknown).toHaveBeenCalled();
  });
});

describe('a scan', () => {
  const read = readCode(code)!;
  const known = { eventId: 7, isGenuine: true, digest: entry.digest, entry };

  it.each<[string, Read | undefined, object, string]>([
    ['lets in', read, {}, 'in'],
    ['knows who is in', read, { entry: { ...entry, checkedInAt: EARLY } }, 'already'],
    ['refuses what is no code', undefined, {}, 'unknown'],
    ['refuses a forgery', read, { isGenuine: false }, 'unknown'],
    ['refuses another event', read, { eventId: 8 }, 'elsewhere'],
    ['refuses what is not on the list', read, { entry: undefined }, 'unlisted'],
    ['refuses the code of somebody who passed the ticket on', read, { digest: 'another' }, 'void'],
  ])('%s without a connection', (_what, scanned, change, kind) => {
    expect(judgeCode(scanned, { ...known, ...change }).kind).toBe(kind);
  });

  it.each([
    [null, 'in'],
    ['ALREADY_CHECKED_IN', 'already'],
    ['TICKET_VOID', 'void'],
    ['WRONG_EVENT', 'elsewhere'],
    ['NOT_FOUND', 'unknown'],
  ])('that the server answers with %p means %s', (refusal, kind) => {
    expect(judgeResult({ refusal, ticket: null }).kind).toBe(kind);
  });
});

describe('conflicts', () => {
  const row = { id: 'scan', scannedAt: LATE };
  const ticket = { attendeeName: 'Grace Hopper', reference: 'R', checkedInAt: EARLY, checkedInGate: 'South' };

  it('are what the server refuses or has replaced', () => {
    const other = { otherAt: EARLY, otherGate: 'South' };
    expect(findConflict(row, { refusal: null, ticket, replaced: null })).toBeUndefined();
    expect(findConflict(row, { refusal: 'ALREADY_CHECKED_IN', ticket, replaced: null })).toMatchObject(other);
    const replaced = { checkedInAt: EARLY, gate: 'South' };
    expect(findConflict(row, { refusal: null, ticket, replaced })).toMatchObject({ kind: 'twice', ...other });
    expect(findConflict(row, { refusal: 'TICKET_VOID', ticket, replaced: null })).toMatchObject({ kind: 'invalid' });
  });

  it('are seen in a newer list, unless it has the scan of this phone', () => {
    const own = { id: 'scan', ticketId: 1, at: LATE, gate: 'North' };
    const compare = (checkedInAt: string | null, checkedInGate: string | null) =>
      compareWithList(own, { ...entry, checkedInAt, checkedInGate });
    expect(compare(EARLY, 'South')).toMatchObject({ otherAt: EARLY, otherGate: 'South', at: LATE });
    expect(compare(EARLY, 'North')).toBeDefined();
    expect(compare('2026-03-01T19:04:58.000Z', 'North')).toBeUndefined();
    expect(compare(LATE, 'North')).toBeUndefined();
    expect(compare(null, null)).toBeUndefined();
  });
});

describe('takeBatch', () => {
  const row = (id: string, more: object = {}) => ({ id, eventId: 1, gate: 'North', ...more });
  const idsOf = (rows: object[]) => takeBatch(rows).map(({ id }) => id);

  it('repeats a request with exactly the scans that it had', () => {
    expect(idsOf([row('a', { batch: 'x' }), row('b'), row('c', { batch: 'x' })])).toEqual(['a', 'c']);
  });

  it('takes up to 50 scans of one event and entrance', () => {
    expect(idsOf([row('a'), row('b', { eventId: 2 }), row('c', { gate: 'South' }), row('d')])).toEqual(['a', 'd']);
    expect(takeBatch(Array.from({ length: 60 }, (_, index) => row(String(index))))).toHaveLength(50);
    expect(takeBatch([])).toEqual([]);
  });
});

it('finds names by their parts, without accents, and references', () => {
  const entries = [entry, { ...entry, id: 2, attendeeName: null, bookerName: 'Grace Hopper', reference: 'ZZZZ' }];
  const idsOf = (text: string, limit = 5) => findEntries(entries, text, limit).map(({ id }) => id);
  expect(idsOf('angst zoe')).toEqual([entry.id]);
  expect(idsOf('zzz')).toEqual([2]);
  expect(idsOf('grace')).toEqual([2]);
  expect(idsOf('lovelace')).toEqual([entry.id]);
  expect(idsOf('  ')).toEqual([]);
  expect(idsOf('z', 1)).toHaveLength(1);
});

it('reports a code once as long as the camera sees it', () => {
  let time = 0;
  const seen: string[] = [];
  const pass = createGate(
    (value) => seen.push(value),
    () => time,
  );
  for (const [at, codes] of [
    [0, ['a']],
    [1500, ['a']],
    [3000, ['a', 'b']],
    [4000, []],
    [5500, ['a', 'b']],
  ] as [number, string[]][]) {
    time = at;
    pass(codes);
  }
  expect(seen).toEqual(['a', 'b', 'a', 'b']);
});
