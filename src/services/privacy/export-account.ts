import { Readable } from 'node:stream';
import { database } from '../../database';
import type { Actor } from '../../lib/actor';
import { currencies, formatMoney } from '../../lib/money/money';
import { listPersonalData, sections, type DataSubject } from '../../models/privacy.model';
import { getProfile } from '../users/accounts';

const EXPORT_CHUNK_SIZE = 500;

const toCamelCase = (name: string): string => name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());

const AMOUNTS: ReadonlySet<string> = new Set([
  'amount',
  'balance',
  'basePrice',
  'captured',
  'discount',
  'discountAmount',
  'held',
  'maxPrice',
  'minPrice',
  'refunded',
  'remaining',
  'removed',
  'subtotal',
  'tax',
  'total',
  'totalAmount',
  'unitPrice',
  'value',
]);

/** Formats amounts with the decimals of their currency, including those of a row's items. */
function formatAmounts(row: Record<string, unknown>, currency: unknown = row.currency): Record<string, unknown> {
  if (typeof currency !== 'string' || !currencies.has(currency)) return row;
  const present = ([key, value]: [string, unknown]): [string, unknown] => {
    if (key === 'items' && Array.isArray(value))
      return [key, value.map((item: Record<string, unknown>) => formatAmounts(item, currency))];
    return [key, AMOUNTS.has(key) && typeof value === 'string' ? formatMoney(value, currency) : value];
  };
  return Object.fromEntries(Object.entries(row).map(present));
}

function present(row: Record<string, unknown>, omit: string[] = []): string {
  const kept = Object.entries(row).filter(([name]) => !omit.includes(name));
  return JSON.stringify(formatAmounts(Object.fromEntries(kept.map(([name, value]) => [toCamelCase(name), value]))));
}

async function* writeSection(name: string, subject: DataSubject): AsyncGenerator<string> {
  const section = sections[name]!;
  yield `,${JSON.stringify(name)}:[`;
  for (let after = 0, isFirst = true; ;) {
    const rows = await listPersonalData(database, section, { ...subject, after, limit: EXPORT_CHUNK_SIZE });
    for (const row of rows) {
      yield `${isFirst ? '' : ','}${present(row, section.omit)}`;
      isFirst = false;
    }
    if (rows.length < EXPORT_CHUNK_SIZE) break;
    after = rows[rows.length - 1]!.id;
  }
  yield ']';
}

async function* writeExport(actor: Actor): AsyncGenerator<string> {
  const account = await getProfile(actor);
  const email = account.email.toLowerCase();
  const subject = { userId: actor.userId, email, verifiedEmail: account.emailVerified ? email : null };
  yield `{"success":true,"data":{"exportedAt":${JSON.stringify(new Date())},"account":${JSON.stringify(account)}`;
  for (const name of Object.keys(sections)) yield* writeSection(name, subject);
  yield '}}';
}

/** Streams all data held about the user as JSON. */
export function exportAccount(actor: Actor): Readable {
  return Readable.from(writeExport(actor), { objectMode: false });
}
