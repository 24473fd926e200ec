import escapeHtml from 'escape-html';
import type { KeptSms, ReceivedMail } from '../../services/mailbox.service';

const STYLE = `body{margin:0 auto;max-width:960px;padding:24px;font:15px/1.5 system-ui,sans-serif;color:#222}
a{color:#1a4d8f}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:6px 12px 6px 0;border-bottom:1px solid #ddd;vertical-align:top}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f6f6f6;padding:12px}iframe{width:100%;height:560px;border:1px solid #ddd}`;

function renderPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body>${body}</body></html>
`;
}

function renderSmsTable(messages: KeptSms[]): string {
  const rows = messages.map(
    ({ sentAt, to, body }) =>
      `<tr><td>${escapeHtml(sentAt)}</td><td>${escapeHtml(to)}</td><td>${escapeHtml(body)}</td></tr>`,
  );
  const table = `<table><tr><th>Sent</th><th>To</th><th>Text</th></tr>${rows.join('\n')}</table>`;
  return `<h2>Text messages</h2>${messages.length > 0 ? table : '<p>None yet.</p>'}<p><a href="/dev/sms.json">as JSON</a></p>`;
}

export function renderMailList(mails: ReceivedMail[], messages: KeptSms[]): string {
  const rows = mails.map(
    ({ id, date, to, subject }) =>
      `<tr><td>${escapeHtml(date ?? '')}</td><td>${escapeHtml(to.join(', '))}</td><td><a href="/dev/mail/${id}">${escapeHtml(subject)}</a></td></tr>`,
  );
  const list = `<table><tr><th>Sent</th><th>To</th><th>Subject</th></tr>${rows.join('\n')}</table>`;
  return renderPage(
    'Mailbox',
    `<h1>Mailbox</h1>${mails.length > 0 ? list : '<p>No mail yet.</p>'}<p><a href="/dev/mail.json">as JSON</a></p>${renderSmsTable(messages)}`,
  );
}

type DisplayedMail = ReceivedMail['attachments'][number];

function renderAttachment(
  id: string,
  { filename, contentType, content, encoding }: DisplayedMail,
  index: number,
): string {
  const shown = encoding === 'utf8' ? `<pre>${escapeHtml(content)}</pre>` : '';
  const name = `<a href="/dev/mail/${id}/attachments/${index}" target="_blank">${escapeHtml(filename ?? 'attachment')}</a>`;
  return `<h2>${name} (${escapeHtml(contentType)})</h2>${shown}`;
}

export function renderMailPage({ id, subject, headers, text, html, attachments }: ReceivedMail): string {
  // The frame is sandboxed without scripts; links open in new tabs.
  const frame = html
    ? `<h2>HTML</h2><iframe title="HTML part" sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="${escapeHtml(`<base target="_blank">${html}`)}"></iframe>`
    : '';
  const lines = headers.map(({ name, value }) => `${name}: ${value}`).join('\n');
  return renderPage(
    subject,
    `<p><a href="/dev/mail">Mailbox</a> · <a href="/dev/mail/${id}.eml">raw message</a></p><h1>${escapeHtml(subject)}</h1>
<pre>${escapeHtml(lines)}</pre>${frame}<h2>Text</h2><pre>${escapeHtml(text)}</pre>${attachments.map((attachment, index) => renderAttachment(id, attachment, index)).join('\n')}`,
  );
}
