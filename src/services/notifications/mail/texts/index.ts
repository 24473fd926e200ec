import { getLanguage, type Language } from '../../../../lib/text/languages';
import { de } from './de';
import { en, type Texts } from './en';

export type { Texts } from './en';

export const languages: Record<Language, Texts> = { en, de };

export function getTexts(locale: string): Texts {
  return languages[getLanguage(locale)];
}
