import { removeLinks } from '../../../lib/text/names';
import type { Language } from '../../../lib/text/languages';

interface Action {
  label: string;
  url: string;
}

/** The content of a mail or notification, as plain text. Renderers must escape it. */
export interface Content {
  language: Language;
  /** The subject of the mail or title of the notification, on one line. */
  title: string;
  paragraphs: string[];
  /** About the files attached to the mail; left out of notifications. */
  aboutFiles?: string;
  facts: [name: string, value: string][];
  action?: Action;
  /** Less important actions, shown below. */
  links?: Action[];
}

/** Returns the content without links in its texts; the action stays, since it leads to our own pages. */
export function toPlainContent(content: Content): Content {
  return {
    ...content,
    title: removeLinks(content.title),
    paragraphs: content.paragraphs.map(removeLinks),
    facts: content.facts.map(([name, value]) => [name, removeLinks(value)]),
  };
}

/** Returns the body of a notification in the app, which shows the event and booking next to it. */
export function toNotificationBody({ paragraphs }: Content): string {
  return paragraphs.join(' ');
}
