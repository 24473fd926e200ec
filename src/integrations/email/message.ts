import { createTransport } from 'nodemailer';
import { config } from '../../config';
import type { Mail } from './driver';

export interface Message {
  envelope: { from: string | false; to: string[] };
  /** The raw message (RFC 5322, with CRLF). */
  bytes: Buffer;
}

const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

const getOneClickHeaders = (url: string) => ({
  'List-Unsubscribe': `<${url}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});

/** Builds the message as one buffer; streaming it would send dozens of small writes. */
export async function compose(mail: Mail): Promise<Message> {
  const { to, subject, text, html, messageId, calendar, files = [], unsubscribeUrl, replyTo } = mail;
  const isCancellation = calendar?.includes('METHOD:CANCEL') ?? false;
  const contentType = `text/calendar; charset=utf-8; method=${isCancellation ? 'CANCEL' : 'PUBLISH'}`;
  const { envelope, message } = await composer.sendMail({
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
  });
  return { envelope, bytes: message as Buffer };
}
