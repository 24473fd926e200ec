import { existsSync, readdirSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { createApp } from '../../src/app';
import { config } from '../../src/config';
import { mailboxDriver } from '../../src/integrations/email/mailbox';
import type { RunningWorker } from '../../src/worker';
import { anOpenEvent, booked, registerUser } from '../helpers/bookings';
import { anonymous } from '../helpers/client';
import { allDone } from '../helpers/messages';
import { startTestWorker } from '../helpers/servers/worker';

interface Mail {
  id: string;
  to: string[];
  subject: string;
  messageId: string;
  text: string;
  html: string | null;
  attachments: { filename: string; contentType: string; content: string; encoding: string }[];
}

const folder = path.join(process.env.DATA_DIR!, 'mailbox');
const driver = mailboxDriver();
const aMail = (fields: object = {}) =>
  driver.send({
    to: 'ada@example.com',
    subject: 'Hello',
    text: 'text',
    html: '<p>html</p>',
    messageId: 'one@x',
    ...fields,
  });

async function mails(query = ''): Promise<Mail[]> {
  const { body } = (await anonymous.get(`/dev/mail.json${query}`).expect(200)) as { body: { data: Mail[] } };
  return body.data;
}

describe('/dev/mail', () => {
  it('returns mail sent by the worker, another process, as JSON', async () => {
    const worker: RunningWorker = await startTestWorker();
    const user = await registerUser();
    const { reference } = await booked(user, (await anOpenEvent()).id);
    await allDone();
    await worker.stop();
    const [mail, ...others] = await mails(`?to=${user.user.email.toUpperCase()}`);
    expect(others).toEqual([]);
    expect(mail).toMatchObject({ to: [user.user.email], subject: expect.stringContaining('is confirmed') });
    expect(mail!.text).toContain(reference);
    expect(mail!.html).toContain(reference);
    expect(mail!.attachments).toEqual([
      expect.objectContaining({ filename: 'event.ics', contentType: 'text/calendar', encoding: 'utf8' }),
    ]);
    expect(mail!.attachments[0]!.content).toContain('BEGIN:VEVENT');
    const { body: one } = await anonymous.get(`/dev/mail/${mail!.id}?format=json`).expect(200);
    expect(one.data).toEqual(mail);
    const { body: raw, headers } = (await anonymous
      .get(`/dev/mail/${mail!.id}.eml`)
      .responseType('blob')
      .expect(200)) as {
      body: Buffer;
      headers: Record<string, string>;
    };
    expect(headers['content-type']).toContain('message/rfc822');
    expect(raw.toString()).toContain(`Message-ID: ${mail!.messageId}\r\n`);
  });

  it('shows mail as pages without running its content', async () => {
    const hostile = '<script>alert(1)</script><img src=x onerror=alert(1)>';
    await aMail({ subject: hostile, text: hostile, html: hostile });
    const list = await anonymous.get('/dev/mail').expect(200);
    const [{ id }] = (await mails()) as [Mail];
    const page = await anonymous.get(`/dev/mail/${id}`).expect(200);
    for (const { text, headers } of [list, page]) {
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['cache-control']).toBe('no-store');
      expect(text).not.toContain('<script>');
      expect(text).not.toContain('<img');
    }
    expect(page.text).toMatch(/<iframe [^>]*sandbox="allow-popups allow-popups-to-escape-sandbox"/);
  });

  it('opens PDFs, and offers other attachments as downloads', async () => {
    const pdf = { filename: 'tickets.pdf', content: Buffer.from('%PDF-1.7 x'), contentType: 'application/pdf' };
    const page = { filename: 'x.html', content: Buffer.from('<script>1</script>'), contentType: 'text/html' };
    const fake = { ...page, contentType: 'application/pdf' };
    const event = { filename: 'event.ics', content: Buffer.from('BEGIN:VCALENDAR'), contentType: 'text/calendar' };
    await aMail({ files: [pdf, page, fake, event] });
    const [{ id }] = (await mails()) as [Mail];
    const shown = await anonymous.get(`/dev/mail/${id}`).expect(200);
    expect(shown.text).toContain(`href="/dev/mail/${id}/attachments/0"`);
    const get = (index: unknown) => anonymous.get(`/dev/mail/${id}/attachments/${index}`).responseType('blob');
    const opened = await get(0).expect(200);
    expect(opened.headers['content-type']).toBe('application/pdf');
    expect(opened.headers['content-disposition']).toBeUndefined();
    expect((opened.body as Buffer).toString()).toBe('%PDF-1.7 x');
    for (const index of [1, 2]) {
      const { headers } = await get(index).expect(200);
      expect(headers['content-type']).toBe('application/octet-stream');
      expect(headers['content-disposition']).toContain('attachment');
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
    const calendar = await get(3).expect(200);
    expect(calendar.headers['content-type']).toBe('text/calendar; charset=utf-8');
    expect(calendar.headers['content-disposition']).toBe('attachment; filename=event.ics');
    for (const none of [4, -1, 'x', '0x0']) await anonymous.get(`/dev/mail/${id}/attachments/${none}`).expect(404);
  });

  it('lists the newest mail first, keeps it in private files, and deletes the oldest', async () => {
    for (let i = 0; i < 3; i += 1) await aMail({ subject: `number ${i}` });
    expect((await mails('?limit=3')).map(({ subject }) => subject)).toEqual(['number 2', 'number 1', 'number 0']);
    const names = readdirSync(folder);
    expect(names.every((name) => name.endsWith('.eml'))).toBe(true);
    expect(statSync(path.join(folder, names[0]!)).mode & 0o077).toBe(0);
    for (let i = 0; i < 1200; i += 1) await aMail();
    expect(readdirSync(folder).length).toBeLessThanOrEqual(1100);
  });

  it('returns 404 for missing mail and for names outside the folder', async () => {
    const strange = ['1', '..%2F..%2Fjwt-secret', '%2e%2e', '00000000000000-x.eml', '00000000000000-..%2Fx'];
    for (const id of strange) await anonymous.get(`/dev/mail/${id}`).expect(404);
  });

  describe('for callers other than the developer', () => {
    let server: Server;
    let url: string;
    const outside = '203.0.113.7';

    /** Makes connections look as if they come from another machine. */
    beforeAll(async () => {
      const app = createApp();
      server = createServer((req, res) => {
        Object.defineProperty(req.socket, 'remoteAddress', { value: outside, configurable: true });
        app(req, res);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    });
    afterAll(() => new Promise((resolve) => server.close(resolve)));
    const status = async (headers: Record<string, string> = {}) =>
      (await fetch(`${url}/dev/mail.json`, { headers })).status;

    it('returns 404, whatever their headers say, and 200 with DEV_TOOLS', async () => {
      expect(await status()).toBe(404);
      expect(await status({ 'X-Forwarded-For': '127.0.0.1' })).toBe(404);
      config.devTools = true;
      expect(await status()).toBe(200);
      config.devTools = false;
    });

    it('returns 404 to everybody in production', async () => {
      config.isProduction = true;
      config.devTools = true;
      expect(await status()).toBe(404);
      await anonymous.get('/dev/mail').expect(404);
      config.isProduction = false;
      config.devTools = false;
      await anonymous.get('/dev/mail').expect(200);
    });
  });
});

it('is empty if nothing was sent', async () => {
  const elsewhere = config.dataDir;
  config.dataDir = path.join(elsewhere, 'nowhere');
  expect(existsSync(config.dataDir)).toBe(false);
  expect(await mails()).toEqual([]);
  config.dataDir = elsewhere;
});
