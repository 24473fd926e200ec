import { wrap as wrapBase64 } from 'nodemailer/lib/base64';
import MailComposer from 'nodemailer/lib/mail-composer';
import type MimeNode from 'nodemailer/lib/mime-node';
import { encode as encodeQuotedPrintable, wrap as wrapQuotedPrintable } from 'nodemailer/lib/qp';
import { config } from '../../config';
import type { Mail } from './driver';

export interface Message {
  envelope: { from: string | false; to: string[] };
  /** The raw message (RFC 5322, with CRLF). */
  bytes: Buffer;
}

const LINE_LENGTH = 76;

const getOneClickHeaders = (url: string) => ({
  'List-Unsubscribe': `<${url}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});

function encodeContent(part: MimeNode): string {
  const content = part.content as string | Buffer;
  const encoding = part.getTransferEncoding();
  if (encoding === 'base64') return wrapBase64(Buffer.from(content as string).toString('base64'), LINE_LENGTH);
  const lines = content.toString().replace(/\r?\n/g, '\r\n');
  return encoding === 'quoted-printable' ? wrapQuotedPrintable(encodeQuotedPrintable(lines), LINE_LENGTH) : lines;
}

/** Writes a part at once. nodemailer pipes every part through several streams, which takes four times as long as the encoding. */
function writePart(part: MimeNode): string {
  const headers = `${part.buildHeaders()}\r\n\r\n`;
  if (!part.multipart) return headers + encodeContent(part);
  const boundary = `--${part.boundary || ''}`;
  return `${headers}${part.childNodes.map((child) => `${boundary}\r\n${writePart(child)}\r\n`).join('')}${boundary}--\r\n`;
}

/** Builds the message as one buffer; streaming it would send dozens of small writes. */
export function compose(mail: Mail): Message {
  const { to, subject, text, html, messageId, calendar, files = [], unsubscribeUrl, replyTo } = mail;
  const isCancellation = calendar?.includes('METHOD:CANCEL') ?? false;
  const contentType = `text/calendar; charset=utf-8; method=${isCancellation ? 'CANCEL' : 'PUBLISH'}`;
  const message = new MailComposer({
    from: config.mailFrom,
    to: { name: '', address: to },
    replyTo: replyTo === undefined ? undefined : { name: '', address: replyTo },
    subject,
    text,
    html,
    messageId: `<${messageId}>`,
    // Asks for no automatic replies (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated', ...(unsubscribeUrl && getOneClickHeaders(unsubscribeUrl)) },
    attachments: [...(calendar ? [{ filename: 'event.ics', content: calendar, contentType }] : []), ...files],
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  return { envelope: message.getEnvelope(), bytes: Buffer.from(writePart(message)) };
}
