import type { Content } from './content';
import type { Links } from './links';
import { languageOf, textsFor, type Texts } from './texts';
import { describeTime } from './when';

interface Mailed {
  token: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  reader: { locale: string; timezone: string };
}

function aboutToken({ token, expiresAt, reader }: Mailed, texts: { title: string; body: string }): Content {
  const { facts } = textsFor(reader.locale);
  return {
    language: languageOf(reader.locale),
    title: texts.title,
    paragraphs: [texts.body],
    facts: [
      [facts.token, token],
      [facts.validUntil, describeTime(expiresAt, reader.timezone, reader)],
    ],
  };
}

const action = (mailed: Mailed, name: keyof Texts['actions'], url: string) => ({
  label: textsFor(mailed.reader.locale).actions[name],
  url,
});

export function verification(mailed: Mailed, links: Links): Content {
  return {
    ...aboutToken(mailed, textsFor(mailed.reader.locale).verification),
    action: action(mailed, 'confirmAddress', links.verifyEmail(mailed.token)),
  };
}

export function passwordReset(mailed: Mailed, links: Links): Content {
  return {
    ...aboutToken(mailed, textsFor(mailed.reader.locale).passwordReset),
    action: action(mailed, 'choosePassword', links.resetPassword(mailed.token)),
  };
}
