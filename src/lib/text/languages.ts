/** The languages that mails, documents and pages are written in. */
export const LANGUAGES = ['en', 'de'] as const;

export type Language = (typeof LANGUAGES)[number];

/** Returns the language for a locale: English unless the locale's language is one of ours. */
export function getLanguage(locale: string): Language {
  const [primary = ''] = locale.toLowerCase().split('-', 1);
  return LANGUAGES.find((language) => language === primary) ?? 'en';
}
