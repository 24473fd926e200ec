import PostalMime, { type Attachment } from 'postal-mime';
import { AppError } from '../errors';
import { listMailIds, readMail } from '../integrations/email/mailbox';
import { listKeptSms, type KeptSms } from '../integrations/sms/local';

export type { KeptSms } from '../integrations/sms/local';

export interface ReceivedMail {
  id: string;
  date: string | null;
  from: string;
  to: string[];
  subject: string;
  messageId: string;
  headers: { name: string; value: string }[];
  text: string;
  html: string | null;
  attachments: { filename: string | null; contentType: string; content: string; encoding: 'utf8' | 'base64' }[];
}

function presentAttachment({ filename, mimeType, content }: Attachment): ReceivedMail['attachments'][number] {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer);
  const encoding = mimeType.startsWith('text/') ? 'utf8' : 'base64';
  return { filename, contentType: mimeType, content: bytes.toString(encoding), encoding };
}

async function parse(id: string, raw: Buffer): Promise<ReceivedMail> {
  const mail = await PostalMime.parse(raw);
  return {
    id,
    date: mail.date ?? null,
    from: mail.from?.address ?? '',
    to: (mail.to ?? []).flatMap(({ address }) => address ?? []),
    subject: mail.subject ?? '',
    messageId: mail.messageId ?? '',
    headers: mail.headers.map(({ key, value }) => ({ name: key, value })),
    text: mail.text ?? '',
    html: mail.html ?? null,
    attachments: mail.attachments.map(presentAttachment),
  };
}

/** @throws AppError NOT_FOUND */
export async function getRawMail(id: string): Promise<Buffer> {
  const raw = await readMail(id);
  if (!raw) throw new AppError('NOT_FOUND', 'Mail not found.');
  return raw;
}

/** @throws AppError NOT_FOUND */
export async function getMail(id: string): Promise<ReceivedMail> {
  return parse(id, await getRawMail(id));
}

/** Returns an attachment by its index in the mail, from 0. @throws AppError NOT_FOUND */
export async function getAttachment(
  id: string,
  index: number,
): Promise<{ content: Buffer; contentType: string; filename: string }> {
  const { attachments } = await getMail(id);
  const found = attachments[index];
  if (!found) throw new AppError('NOT_FOUND', 'Attachment not found.');
  const { content, encoding, contentType, filename } = found;
  return { content: Buffer.from(content, encoding), contentType, filename: filename ?? 'attachment' };
}

/** Lists the mails in the local mailbox, newest first; `to` filters by address. */
export async function listMails({ limit, to }: { limit: number; to?: string }): Promise<ReceivedMail[]> {
  const mails: ReceivedMail[] = [];
  for (const id of await listMailIds()) {
    if (mails.length >= limit) break;
    const raw = await readMail(id);
    const mail = raw && (await parse(id, raw));
    if (mail && (!to || mail.to.some((address) => address.toLowerCase() === to.toLowerCase()))) mails.push(mail);
  }
  return mails;
}

/** Lists the text messages that were stored instead of sent, newest first; `to` filters by number. */
export async function listSms({ limit, to }: { limit: number; to?: string }): Promise<KeptSms[]> {
  return (await listKeptSms(limit)).filter((kept) => !to || kept.to === to);
}
