import { database } from '../../src/database';
import type { Email } from 'postal-mime';
import type { RunningWorker } from '../../src/worker';
import { anOpenEvent, booked, cancelling, registerUser, theOrganizer } from '../helpers/bookings';
import { anonymous, as } from '../helpers/client';
import { startMailServer, type MailServer } from '../helpers/servers/mail-server';
import { allDone } from '../helpers/messages';
import { anUnpaidOrder, paid } from '../helpers/orders';
import { readPages } from '../helpers/pdf';
import { transferring } from '../helpers/tickets';
import { startTestWorker } from '../helpers/servers/worker';

let mail: MailServer;
let worker: RunningWorker;
const settings = () => ({
  SMTP_URL: mail.url,
  PUBLIC_URL: 'https://api.example',
  FRONTEND_URL: 'https://tickets.example',
  MAIL_TICKETS: 'attach',
});

beforeAll(async () => {
  mail = await startMailServer();
  worker = await startTestWorker(settings());
});
afterAll(async () => {
  await worker.stop();
  await mail.close();
});
beforeEach(async () => {
  await allDone();
  mail.mails.length = 0;
});

const pathIn = ({ text = '' }: Email, file: string): string =>
  new RegExp(`https://api\\.example(/api/booking-links/\\S+/${file})`).exec(text)![1]!;
const pagesOf = (pdf: unknown) => readPages(Buffer.from(pdf as ArrayBuffer));
const attached = ({ attachments }: Email) => attachments.find(({ filename }) => filename === 'tickets.pdf');

describe('a confirmation', () => {
  it('attaches the tickets, links to tickets, page and invoice, and has the organizer as Reply-To', async () => {
    const sale = await anUnpaidOrder();
    await paid(sale);
    await allDone();
    const sent = mail.mailsTo(sale.owner.user.email).find(({ subject }) => subject!.includes('is confirmed'))!;
    const { body } = await as(sale.owner).get(`/api/bookings/${sale.booking.id}`).expect(200);
    const codes = (body.data.tickets as { code: string }[]).map(({ code }) => code).sort();
    expect(
      pagesOf(attached(sent)!.content)
        .map(({ code }) => code)
        .sort(),
    ).toEqual(codes);
    expect(sent.text).toContain('Your tickets are attached');
    expect(sent.replyTo).toMatchObject([{ address: (await theOrganizer()).user.email }]);

    const tickets = await anonymous.get(pathIn(sent, 'tickets.pdf')).responseType('blob').expect(200);
    expect(
      pagesOf(tickets.body)
        .map(({ code }) => code)
        .sort(),
    ).toEqual(codes);
    const invoice = await anonymous.get(pathIn(sent, 'invoice.pdf')).responseType('blob').expect(200);
    expect(invoice.headers['content-type']).toBe('application/pdf');
    const token = /https:\/\/tickets\.example\/bookings\/\d+\?token=(\S+)/.exec(sent.text!)![1]!;
    const page = await anonymous.get(`/api/booking-links/${decodeURIComponent(token)}`).expect(200);
    expect(page.body.data).toEqual(body.data);
    await anonymous.get(`/api/booking-links/${token}/calendar.ics`).expect(200);

    // Links to another booking, altered links, and links of a suspended account.
    const [id, userId, signature] = token.split('.');
    for (const wrong of [
      `${Number(id) + 1}.${userId}.${signature}`,
      `${id}.1.${signature}`,
      `${token}x`,
      'x',
      `${id}.${userId}`,
    ])
      await anonymous.get(`/api/booking-links/${wrong}`).expect(404);
    await database('users').where({ id: sale.owner.user.id }).update({ status: 'suspended' });
    await anonymous.get(`/api/booking-links/${token}`).expect(404);
  });

  it('leaves out tickets that the booker does not hold, and the invoice of a free booking', async () => {
    const [user, holder] = [await registerUser(), await registerUser()];
    const event = await anOpenEvent();
    const made = await booked(user, event.id, 2);
    await allDone();
    const sent = mail.mailsTo(user.user.email)[0]!;
    expect(sent.text).not.toContain('invoice.pdf');
    const path = pathIn(sent, 'tickets.pdf');
    await anonymous.get(path.replace('tickets.pdf', 'invoice.pdf')).expect(404);
    await transferring(user, made.id, made.tickets[0]!.id, { email: holder.user.email }).expect(200);
    const { body } = await anonymous.get(path).responseType('blob').expect(200);
    expect(pagesOf(body).map(({ code }) => code)).toEqual([made.tickets[1]!.code]);
    await cancelling(await theOrganizer(), made.id).expect(200);
    await anonymous.get(path).expect(404);
  });

  it('only links to the tickets if there are many or MAIL_TICKETS says so', async () => {
    const user = await registerUser();
    await booked(user, (await anOpenEvent()).id, 10);
    await allDone();
    expect(pagesOf(attached(mail.mailsTo(user.user.email)[0]!)!.content)).toHaveLength(10);
    await worker.stop();
    worker = await startTestWorker({ ...settings(), MAIL_TICKETS: 'link' });
    await booked(user, (await anOpenEvent()).id);
    await allDone();
    const sent = mail.mailsTo(user.user.email).at(-1)!;
    expect(attached(sent)).toBeUndefined();
    expect(sent.text).toContain('Download your tickets below');
    await anonymous.get(pathIn(sent, 'tickets.pdf')).expect(200);
  });
});
