import { de } from './de';
import { en, type Texts } from './en';

export type { Texts } from './en';

export const languages = { en, de } as const;

export type Language = keyof typeof languages;

/** The language to write in to somebody with this locale: English where theirs isn't among ours. */
export function getLanguage(locale: string): Language {
  const [primary = ''] = locale.toLowerCase().split('-', 1);
  return Object.hasOwn(languages, primary) ? (primary as Language) : 'en';
}

export function getTexts(locale: string): Texts {
  return languages[getLanguage(locale)];
}
