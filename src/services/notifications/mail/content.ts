import { removeLinks } from '../../../lib/names';
import type { Language } from '../../../lib/languages';

interface Action {
  label: string;
  url: string;
}

/** What is to be said, before it becomes a mail or a notification. Plain text everywhere: whoever renders it escapes it. */
export interface Content {
  language: Language;
  /** Subject of the mail, title of the notification. One line. */
  title: string;
  paragraphs: string[];
  /** About what comes along with the mail; a notification has none of it. */
  aboutFiles?: string;
  facts: [name: string, value: string][];
  action?: Action;
  /** Less urgent ones, below. */
  links?: Action[];
}

/** The same without anything in its texts that could be followed; the action leads to us. */
export function toPlainContent(content: Content): Content {
  return {
    ...content,
    title: removeLinks(content.title),
    paragraphs: content.paragraphs.map(removeLinks),
    facts: content.facts.map(([name, value]) => [name, removeLinks(value)]),
  };
}

/** The body of a notification in the app, which shows the event and the booking beside it. */
export function toNotificationBody({ paragraphs }: Content): string {
  return paragraphs.join(' ');
}
