/** An address as on a letter. `country` is an ISO 3166-1 code. */
export interface PostalAddress {
  name: string;
  company: string | null;
  line1: string;
  line2: string | null;
  city: string;
  postalCode: string;
  region: string | null;
  country: string;
}

/** The recipient of an invoice. */
export interface BillingAddress extends PostalAddress {
  vatId: string | null;
}

/** Where something is sent to. */
export interface Address extends PostalAddress {
  phone: string | null;
}

// Unicode region codes that are not ISO 3166-1 countries.
const NO_COUNTRIES = new Set([
  'AC',
  'CP',
  'CQ',
  'DG',
  'EA',
  'EU',
  'EZ',
  'IC',
  'QO',
  'TA',
  'UN',
  'XA',
  'XB',
  'XK',
  'ZZ',
]);
const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

export function isCountry(code: string): boolean {
  return /^[A-Z]{2}$/.test(code) && !NO_COUNTRIES.has(code) && names.of(code) !== undefined;
}

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** All ISO 3166-1 codes. */
export const COUNTRIES: readonly string[] = LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).filter(
  isCountry,
);

/** Returns the address as on a letter, with the country in the language of the locale. */
export function formatAddressLines(
  { company, name, line1, line2, city, postalCode, region, country }: PostalAddress,
  locale: string,
): string[] {
  const countryName = new Intl.DisplayNames([locale, 'en'], { type: 'region' }).of(country) ?? country;
  return [company, name, line1, line2, `${postalCode} ${city}`, region, countryName].filter((line) => line !== null);
}
