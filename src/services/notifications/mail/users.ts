import type { Content } from './content';
import type { Links } from './links';
import { getLanguage } from '../../../lib/text/languages';
import { getTexts, type Texts } from './texts';
import { describeTime } from './when';

interface TokenMail {
  token: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  reader: { locale: string; timezone: string };
}

function composeTokenMail({ token, expiresAt, reader }: TokenMail, texts: { title: string; body: string }): Content {
  const { facts } = getTexts(reader.locale);
  return {
    language: getLanguage(reader.locale),
    title: texts.title,
    paragraphs: [texts.body],
    facts: [
      [facts.token, token],
      [facts.validUntil, describeTime(expiresAt, reader.timezone, reader)],
    ],
  };
}

const getAction = (mailed: TokenMail, name: keyof Texts['actions'], url: string) => ({
  label: getTexts(mailed.reader.locale).actions[name],
  url,
});

export function composeVerification(mailed: TokenMail, links: Links): Content {
  return {
    ...composeTokenMail(mailed, getTexts(mailed.reader.locale).verification),
    action: getAction(mailed, 'confirmAddress', links.verifyEmail(mailed.token)),
  };
}

export function composePasswordReset(mailed: TokenMail, links: Links): Content {
  return {
    ...composeTokenMail(mailed, getTexts(mailed.reader.locale).passwordReset),
    action: getAction(mailed, 'choosePassword', links.resetPassword(mailed.token)),
  };
}
