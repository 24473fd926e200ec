import { createTransport } from 'nodemailer';
import type { Mail } from '../../../src/integrations/email';
import { compose } from '../../../src/integrations/email/message';
import { config } from '../../../src/config';

const plain: Mail = {
  to: 'ada@example.com',
  subject: 'Hello',
  text: 'Hello\n',
  html: '<p>Hello</p>',
  messageId: 'a@b',
};
const long = 'Ein sehr langer Satz über Öl, der nicht in eine Zeile passt. '.repeat(5);
const full: Mail = {
  ...plain,
  to: 'ada@bücher.example',
  subject: `Grüße, ${long}`,
  text: `${long}\n\n  =20 \n.\nEnde \n`,
  html: `<p>${long}</p>\n<p>${'x'.repeat(2000)}</p>`,
  replyTo: 'jörg@example.com',
  calendar: 'BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nSUMMARY:Öl\r\nEND:VCALENDAR\r\n',
  files: [
    { filename: 'tickets.pdf', content: Buffer.from([...Array(500).keys()]), contentType: 'application/pdf' },
    { filename: 'Rechnung Müller.pdf', content: Buffer.from('%PDF\r\n'), contentType: 'application/pdf' },
  ],
  unsubscribeUrl: 'https://example.com/unsubscribe?token=1',
};

/** Leaves out what differs from mail to mail. */
const normalize = (bytes: Buffer): string => {
  const text = bytes.toString('latin1');
  const boundaries = [...new Set(text.match(/--_NmP-[\w-]+?-Part_\d+/g))];
  const named = boundaries.reduce((rest, boundary, i) => rest.replaceAll(boundary, `boundary ${i}`), text);
  return named.replace(/^Date: .*$/m, 'Date: now');
};

/** The same mail as nodemailer streams it. */
async function stream({
  to,
  messageId,
  replyTo,
  calendar,
  files = [],
  unsubscribeUrl,
  ...mail
}: Mail): Promise<Buffer> {
  const event = {
    filename: 'event.ics',
    content: calendar,
    contentType: 'text/calendar; charset=utf-8; method=CANCEL',
  };
  const { message } = await createTransport({ streamTransport: true, buffer: true, newline: 'windows' }).sendMail({
    ...mail,
    from: config.mailFrom,
    to: { name: '', address: to },
    replyTo: replyTo && { name: '', address: replyTo },
    messageId: `<${messageId}>`,
    headers: {
      'Auto-Submitted': 'auto-generated',
      ...(unsubscribeUrl && {
        'List-Unsubscribe': `<${unsubscribeUrl}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      }),
    },
    attachments: [...(calendar ? [event] : []), ...files],
  });
  return message as Buffer;
}

describe('compose', () => {
  it.each([
    ['a short mail', plain],
    ['one with long lines, other letters and files', full],
  ])('builds what nodemailer streams: %s', async (_name, mail) => {
    const { bytes, envelope } = compose(mail);
    expect(normalize(bytes)).toBe(normalize(await stream(mail)));
    expect(envelope.to).toHaveLength(1);
  });

  it('ends every line with CRLF', () => {
    expect(compose(full).bytes.toString('latin1')).not.toMatch(/[^\r]\n/);
  });
});
