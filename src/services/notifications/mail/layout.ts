import escapeHtml from 'escape-html';
import type { Content } from './content';
import type { Language } from '../../../lib/text/languages';
import { languages } from './texts';

const toOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The logo of the organizer whose event the mail is about. */
export interface Logo {
  url: string;
  name: string;
}

interface Letter {
  firstName: string | null;
  content: Content;
  logo?: Logo;
  /** Where the reader can unsubscribe from such mail. */
  unsubscribeUrl?: string;
  /** True if unsubscribing ends all mail to the address. */
  endsAll?: boolean;
}

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

function getGreeting(firstName: string | null, language: Language): string {
  const texts = languages[language];
  return firstName ? texts.greeting(toOneLine(firstName)) : texts.greetingNobody;
}

const getUnsubscribeText = ({ content, endsAll }: Letter): string =>
  languages[content.language][endsAll ? 'unsubscribeAll' : 'unsubscribe'];

function renderText(letter: Letter): string {
  const { firstName, content, unsubscribeUrl } = letter;
  const { language, paragraphs, aboutFiles = [], facts, action, links = [] } = content;
  const lines = [getGreeting(firstName, language), ...paragraphs].concat(aboutFiles);
  if (facts.length > 0) lines.push(facts.map(([name, value]) => `${name}: ${value}`).join('\n'));
  for (const { label, url } of action ? [action, ...links] : links) lines.push(`${label}:\n${url}`);
  const footer = unsubscribeUrl ? `${getUnsubscribeText(letter)} ${unsubscribeUrl}\n` : '';
  return `${lines.join('\n\n')}\n\n-- \nBilten\n${footer}`;
}

const FACT = 'style="padding:4px 16px 4px 0;color:#666;vertical-align:top"';
const VALUE = 'style="padding:4px 0;white-space:pre-line"';
const LINES = 'style="white-space:pre-line"';
const BUTTON =
  'style="display:inline-block;padding:10px 20px;border-radius:4px;background:#1a4d8f;color:#fff;text-decoration:none"';

function renderHtml(letter: Letter): string {
  const { firstName, content, unsubscribeUrl } = letter;
  const { language, title, paragraphs, aboutFiles = [], facts, action, links = [] } = content;
  const rows = facts.map(
    ([name, value]) => `<tr><td ${FACT}>${escapeHtml(name)}</td><td ${VALUE}>${escapeHtml(value)}</td></tr>`,
  );
  const { logo } = letter;
  const parts = [
    logo
      ? `<p><img src="${escapeHtml(logo.url)}" alt="${escapeHtml(logo.name)}" height="48" style="height:48px;max-width:100%"></p>`
      : '',
    `<h1 style="font-size:20px">${escapeHtml(toOneLine(title))}</h1>`,
    `<p>${escapeHtml(getGreeting(firstName, language))}</p>`,
    ...paragraphs.concat(aboutFiles).map((paragraph) => `<p ${LINES}>${escapeHtml(paragraph)}</p>`),
    rows.length > 0 ? `<table role="presentation" style="border-collapse:collapse">${rows.join('')}</table>` : '',
    action ? `<p><a ${BUTTON} href="${escapeHtml(action.url)}">${escapeHtml(action.label)}</a></p>` : '',
    ...links.map(({ label, url }) => `<p><a href="${escapeHtml(url)}">${escapeHtml(label)}</a></p>`),
  ];
  const [question = ''] = getUnsubscribeText(letter).split(':', 1);
  const unsubscribe = unsubscribeUrl
    ? ` · <a style="color:#666" href="${escapeHtml(unsubscribeUrl)}">${escapeHtml(question)}</a>`
    : '';
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(toOneLine(title))}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#222"><div style="max-width:600px;margin:0 auto">
${parts.filter(Boolean).join('\n')}
<p style="color:#666;border-top:1px solid #ddd;padding-top:12px">Bilten${unsubscribe}</p>
</div></body></html>
`;
}

/** Renders a letter as text and as HTML. */
export function renderMail(letter: Letter): RenderedMail {
  return { subject: toOneLine(letter.content.title), text: renderText(letter), html: renderHtml(letter) };
}
