import type { JsonSchema } from './schemas';

/** Example values by field name, used where the schema allows them. */
const VALUES: Record<string, unknown> = {
  title: 'Chamber music by candlelight',
  description: 'Schubert and Brahms, by the light of two hundred candles.',
  category: 'music',
  tags: ['classical', 'evening'],
  venueName: 'Old Town Hall',
  venueAddress: '1 Market Square, Vienna',
  startDate: '2030-06-01T18:00:00.000Z',
  endDate: '2030-06-01T20:00:00.000Z',
  expiresAt: '2030-05-02T09:15:00.000Z',
  createdAt: '2030-05-02T09:00:00.000Z',
  updatedAt: '2030-05-02T09:00:00.000Z',
  joinedAt: '2030-05-02T09:00:00.000Z',
  lastUsedAt: '2030-05-02T09:00:00.000Z',
  lastLoginAt: '2030-05-02T09:00:00.000Z',
  timezone: 'Europe/Vienna',
  locale: 'en',
  currency: 'EUR',
  basePrice: '25.00',
  price: '25.00',
  unitPrice: '25.00',
  totalAmount: '50.00',
  discountAmount: '0.00',
  taxRate: 20,
  taxInclusive: true,
  totalTickets: 100,
  availableTickets: 98,
  quantity: 2,
  quantityAvailable: 98,
  ticketsCount: 2,
  position: 3,
  reference: 'DGMKRT4679',
  email: 'ada@example.com',
  firstName: 'Ada',
  lastName: 'Lovelace',
  phone: '+43 1 234567',
  emailVerified: true,
  token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
  refreshToken: '1f8Zk0mQ2vWc7yXn3bTr5uHs9aLe4oPd6gJi8wKq0Rs',
  ip: '192.0.2.10',
  userAgent: 'Mozilla/5.0',
  isCurrent: true,
  kind: 'booking.confirmed',
  body: 'Your booking is confirmed.',
  status: 'published',
  name: 'General admission',
  message: 'The doors open half an hour earlier.',
  reason: 'I fell ill',
  date: '2030-05-02',
  period: '2030-05-02',
  groupBy: 'day',
  subject: 'The doors open earlier',
  ticketTypeName: 'Stalls',
  attendeeName: 'Ada Lovelace',
  section: 'Stalls',
  row: 'C',
  number: '14',
  code: 'SPRING',
  orderNumber: 'DGMKR-T4679',
  paymentIntentId: 'sbx_5f1c2e0a7d',
  filename: '4f2c8a0e9b7d4c1f.pdf',
  originalName: 'program.pdf',
  mimetype: 'application/pdf',
  digest: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
  algorithm: 'Ed25519',
  kty: 'OKP',
  crv: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  publicKey: 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=',
  topic: 'booking.confirmed',
  actorRole: 'organizer',
  action: 'event.update',
  subjectType: 'event',
  expected: '42',
  found: '41',
};

const BY_FORMAT: Record<string, string> = {
  'date-time': '2030-05-02T09:00:00.000Z',
  email: 'ada@example.com',
  uri: 'https://bilten.example/cover.jpg',
  uuid: '0b6f4f5e-3d7a-4a54-9f0e-5d1f2c3b4a59',
};

function listTypes({ type }: JsonSchema): string[] {
  return type === undefined ? [] : [type].flat();
}

function fits(value: unknown, json: JsonSchema): boolean {
  if (json.enum) return json.enum.includes(value);
  const types = listTypes(json);
  if (Array.isArray(value)) return types.includes('array');
  if (typeof value === 'string' && typeof json.pattern === 'string' && !new RegExp(json.pattern).test(value))
    return false;
  return types.includes(typeof value) || (Number.isInteger(value) && types.includes('integer'));
}

/** Turns a field name into words, for fields without an example value: `customerName` becomes “Customer name”. */
function toWords(name: string): string {
  const words = name.replaceAll(/([A-Z])/g, ' $1').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function getScalarSample(json: JsonSchema, name: string): unknown {
  const [type] = listTypes(json);
  if (type === 'integer' || type === 'number') return json.minimum ?? 1;
  if (type === 'boolean') return false;
  if (type !== 'string') return null;
  if (typeof json.pattern === 'string') return '25.00';
  return BY_FORMAT[String(json.format)] ?? toWords(name);
}

/** Returns an example value that the schema accepts, as realistic as the field name allows; nullable fields without one are null. */
export function createSample(json: JsonSchema, find: (reference: JsonSchema) => JsonSchema, name = ''): unknown {
  if (json.$ref) return createSample(find(json), find, name);
  if (json.examples) return json.examples[0];
  const known = VALUES[name];
  if (known !== undefined && fits(known, json)) return known;
  if (json.anyOf) return createSample(json.anyOf[0]!, find, name);
  if (json.default !== undefined) return json.default;
  if (json.enum) return json.enum[0];
  const types = listTypes(json);
  if (types.includes('null')) return null;
  if (types.includes('object'))
    return Object.fromEntries(
      Object.entries(json.properties ?? {}).map(([key, part]) => [key, createSample(part, find, key)]),
    );
  if (types.includes('array'))
    return json.items?.properties || json.items?.$ref ? [createSample(json.items, find)] : [];
  return getScalarSample(json, name);
}
