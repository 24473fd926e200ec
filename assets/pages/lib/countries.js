// Regions of Unicode that are not countries of ISO 3166-1, and those that countries have left behind.
const NO_COUNTRIES =
  'AC AN BU CP CQ CS DD DG DY EA EU EZ FX HV IC NH NT QO QU RH SU TA TP UK UN VD XA XB XK YD YU ZR ZZ'.split(' ');
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Lists all countries by name in a language. @param {string} language @returns {[code: string, name: string][]} */
export function listCountries(language) {
  const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
  const codes = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));
  const { compare } = new Intl.Collator(language);
  return codes
    .filter((code) => !NO_COUNTRIES.includes(code))
    .flatMap((code) => {
      const name = names.of(code);
      return name ? [/** @type {[string, string]} */ ([code, name])] : [];
    })
    .sort(([, a], [, b]) => compare(a, b));
}

/** @param {string} code @param {string} language */
export const nameCountry = (code, language) => new Intl.DisplayNames(language, { type: 'region' }).of(code) ?? code;
