import fc from 'fast-check';
import type { Description, Schema } from 'joi';

const LONG = 'x'.repeat(70_000);

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i += 1) value = i % 2 ? [value] : { a: value };
  return value;
}

export const hostileText = fc.constantFrom(
  '',
  ' ',
  'a\0b',
  '\ud800',
  'x\udc00y',
  '\ufffe\uffff',
  '\u202eabc',
  '👩‍👩‍👧‍👦'.repeat(60),
  '__proto__',
  'constructor',
  "' OR 1=1 --",
  '"; DROP TABLE users; --',
  '$1',
  '%00',
  '%',
  '\\',
  '{{#label}}',
  '../../../../../etc/passwd',
  '<script>alert(1)</script>',
  '=cmd|calc!A1',
  'true',
  'null',
  'NaN',
  '-1',
  '0',
  '0.5',
  '1e3',
  '0x10',
  '１',
  '2147483647',
  '2147483648',
  '99999999999999999999999',
  '9'.repeat(400),
  '0000-00-00T00:00:00Z',
  '2030-02-31T10:00:00Z',
  '+275760-09-13T00:00:00Z',
  '9999-12-31T23:59:59-12:00',
  '2030-06-01',
  LONG,
);

export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: hostileText },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(
      null,
      true,
      0,
      -0,
      -1,
      0.5,
      2 ** 31 - 1,
      2 ** 31,
      -(2 ** 31) - 1,
      2 ** 53,
      1e300,
      -1e300,
      Number.MIN_VALUE,
      [],
      [[]],
      [1, 2],
      Array(2000).fill(1),
      {},
      { length: 1e9 },
      { toString: 1, then: 1 },
      JSON.parse('{"__proto__": {"role": "admin"}}'),
      nested(60),
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

type Limits = Record<'min' | 'max' | 'length', number | undefined>;

function limitsOf({ rules = [] }: Description): Limits {
  const limitOf = (name: string) => {
    const rule = (rules as { name: string; args?: { limit: unknown } }[]).find((each) => each.name === name);
    return typeof rule?.args?.limit === 'number' ? rule.args.limit : undefined;
  };
  return { min: limitOf('min'), max: limitOf('max'), length: limitOf('length') };
}

const hasRule = ({ rules = [] }: Description, name: string): boolean =>
  (rules as { name: string }[]).some((rule) => rule.name === name);

function textLike(description: Description): fc.Arbitrary<unknown> {
  if (hasRule(description, 'isoDate'))
    return fc
      .date({ min: new Date('2029-01-01'), max: new Date('2031-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
  if (hasRule(description, 'email')) return fc.uuid().map((name) => `${name}@example.com`);
  if (hasRule(description, 'pattern')) return fc.constantFrom('25.00', '0', '1500');
  const { min, max, length } = limitsOf(description);
  return fc.string({ minLength: length ?? min ?? 1, maxLength: length ?? Math.min(max ?? 60, 60), unit: 'grapheme' });
}

// Valid values of fields with a custom rule, which the description of a schema does not include.
const KNOWN: Record<string, string[]> = {
  currency: ['EUR', 'JPY', 'KWD'],
  timezone: ['Europe/Vienna', 'UTC'],
  locale: ['de', 'en-GB'],
  phone: ['+43 1 234567'],
  password: ['a long enough pass phrase'],
  newPassword: ['another long pass phrase'],
};

const optionalOf = (parts: [string, Description][]): [string, Description][] =>
  parts.filter(([, { flags }]) => (flags as { presence?: string } | undefined)?.presence !== 'required');

/** Generates objects with all required fields and some of the optional ones. */
function objectLike({ keys = {} }: Description): fc.Arbitrary<Record<string, unknown>> {
  const parts = Object.entries(keys as Record<string, Description>);
  const optional = optionalOf(parts).map(([name]) => name);
  const model = Object.fromEntries(
    parts.map(([name, part]) => [name, KNOWN[name] ? fc.constantFrom(...KNOWN[name]) : validLike(part)]),
  );
  const chosen = fc.subarray(optional, { maxLength: Math.min(3, optional.length) });
  return fc
    .tuple(fc.record(model), chosen)
    .map(([fields, names]) =>
      Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name) || !optional.includes(name))),
    );
}

/** Generates values that a schema accepts, apart from rules between fields, which it ignores. */
export function validLike(description: Description): fc.Arbitrary<unknown> {
  const { type, flags, allow, items, matches } = description as Description & { matches?: { schema: Description }[] };
  if ((flags as { only?: boolean } | undefined)?.only) return fc.constantFrom(...(allow as unknown[]));
  const { min, max } = limitsOf(description);
  switch (type) {
    case 'object':
      return objectLike(description);
    case 'array':
      return fc.array(items ? validLike((items as Description[])[0]!) : fc.jsonValue(), {
        minLength: min ?? 0,
        maxLength: Math.min(max ?? 3, 3),
      });
    case 'alternatives':
      return fc.oneof(...matches!.map(({ schema }) => validLike(schema)));
    case 'number':
      return fc.integer({ min: min ?? 0, max: Math.min(max ?? 100, (min ?? 0) + 100) });
    case 'boolean':
      return fc.boolean();
    default:
      return textLike(description);
  }
}

type Fields = Record<string, unknown>;

/** Makes one field invalid, removes it or adds one. */
function spoiled(fields: Fields, how: 'wrong' | 'missing' | 'added', at: number, value: unknown): Fields {
  const names = Object.keys(fields);
  const name = names[at % Math.max(1, names.length)];
  if (how === 'added' || name === undefined) return { ...fields, colour: value };
  if (how === 'missing') return Object.fromEntries(Object.entries(fields).filter(([each]) => each !== name));
  return { ...fields, [name]: value };
}

/** Generates objects for this schema: valid, nearly valid, and hostile. */
export function fieldsFor(schema: Schema): fc.Arbitrary<Fields> {
  const description = schema.describe();
  const valid = objectLike(description);
  const near = fc.tuple(valid, fc.constantFrom('wrong', 'wrong', 'missing', 'added'), fc.nat(30), hostileValue);
  const names = Object.keys((description.keys ?? {}) as object);
  const hostile = fc.record(Object.fromEntries(names.map((name) => [name, hostileValue])), { requiredKeys: [] });
  return fc.oneof(
    { weight: 5, arbitrary: valid },
    { weight: 4, arbitrary: near.map(([fields, how, at, value]) => spoiled(fields, how as 'wrong', at, value)) },
    { weight: 2, arbitrary: hostile },
  );
}

export interface Body {
  type: string;
  text: string;
}

const json = (text: string): Body => ({ type: 'application/json', text });

/** Bodies that are invalid as a whole. */
export const brokenBodies: Body[] = [
  json(''),
  json('{'),
  json('{"a":1,}'),
  json('nonsense'),
  json('"text"'),
  json('1'),
  json('null'),
  json('[]'),
  json('[{"eventId":1}]'),
  json('{"__proto__":{"role":"admin"},"constructor":{"prototype":{"role":"admin"}}}'),
  json(`${'['.repeat(20_000)}${']'.repeat(20_000)}`),
  json(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`),
  json(`{"title":"${'x'.repeat(1_100_000)}"}`),
  json('{"title":"\\ud800"}'),
  json('\ufeff{}'),
  { type: 'application/json; charset=klingon', text: '{}' },
  { type: 'application/json; charset=utf-16', text: '{}' },
  { type: 'application/jsonp', text: '{}' },
  { type: 'text/plain', text: '{}' },
  { type: 'application/xml', text: '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>' },
  { type: 'multipart/form-data; boundary=x', text: '--x\r\n\r\n--x--' },
  { type: 'multipart/form-data', text: 'x' },
  { type: 'nonsense', text: 'x' },
  { type: ';', text: 'x' },
  { type: 'application/x-www-form-urlencoded', text: 'eventId=1&eventId=2&a[b][c]=1&__proto__[role]=admin&=&%' },
  { type: 'application/x-www-form-urlencoded', text: Array(1500).fill('a=1').join('&') },
  { type: 'application/x-www-form-urlencoded', text: 'eventId=%00&ticketsCount=%E0%A4%A' },
];

/** Values for an id in a path. */
export const hostileSegments = [
  '0',
  '-1',
  '1.5',
  '01',
  '+1',
  '1e3',
  '0x10',
  'NaN',
  'null',
  'undefined',
  '2147483648',
  '99999999999999999999999',
  '9'.repeat(400),
  '%00',
  '1%00',
  '%20',
  '%0a1',
  '%ED%A0%80',
  '%E0%A4%A',
  '%',
  '%zz',
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e',
  '__proto__',
  'constructor',
  "1'%20OR%201=1--",
  '1;DROP%20TABLE%20users',
  '%EF%BC%91',
  'x'.repeat(3000),
];

export const hostileQueries = [
  'page=0',
  'page=-1',
  'page=1.5',
  'page=99999999999999999999',
  'limit=0',
  'limit=101',
  'limit=1e3',
  'page=1&page=2',
  'page[]=1',
  'page[__proto__]=1',
  '__proto__[x]=1&constructor=1',
  'search=%00',
  'search=%ED%A0%80',
  'search=%E0%A4%A',
  `search=${'x'.repeat(5000)}`,
  "search=';DROP%20TABLE%20events;--",
  "search='%20%7C%20!%20%26%20(%20:*",
  'sort=id;drop',
  'sort=__proto__',
  'order=sideways',
  'from=yesterday',
  'from=2030-01-01',
  'from=0000-01-01T00:00:00Z&to=9999-12-31T23:59:59Z',
  'from=%2B275760-09-13T00:00:00Z',
  'minPrice=-1',
  'minPrice=1e999',
  'minPrice=99999999999999999999',
  'maxPrice=0.00001',
  'organizerId=2147483648',
  'status=nothing',
  'isFree=maybe',
  'mine=true&status=draft',
  'category=%F0%9F%98%80',
  '&&&===',
  '%',
];
