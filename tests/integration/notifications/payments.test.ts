import { database } from '../../../src/database';
import { booked, registerUser, theOrganizer, type TestUser } from '../../helpers/bookings';
import { as } from '../../helpers/client';
import type { MailServer } from '../../helpers/servers/mail-server';
import { startMailedWorker, type MailedWorker } from '../../helpers/servers/mailed-worker';
import { allDone } from '../../helpers/messages';
import { anUnpaidOrder, deciding, expireHold, intentOf, orderOf, refunding } from '../../helpers/orders';

let mail: MailServer;
let mailed: MailedWorker;

beforeAll(async () => {
  mailed = await startMailedWorker({ FRONTEND_URL: 'https://tickets.example' });
  ({ mail } = mailed);
});
afterAll(() => mailed.stop());

interface Notification {
  kind: string;
  title: string;
  body: string;
  bookingId: number | null;
}

async function notificationsOf(user: TestUser): Promise<Notification[]> {
  const { body } = (await as(user).get('/api/notifications').expect(200)) as { body: { data: Notification[] } };
  return body.data;
}

const kindsOf = async (user: TestUser): Promise<string[]> => (await notificationsOf(user)).map(({ kind }) => kind);

describe('payment notifications', () => {
  it('announce a failed payment once and each refund with its order, by mail even if the user wants none', async () => {
    const { owner, orderId, booking } = await anUnpaidOrder();
    const { paymentIntentId } = await intentOf(owner, orderId);
    for (let i = 0; i < 2; i += 1) await deciding(paymentIntentId, 'fail').expect(200);
    await allDone();
    await deciding(paymentIntentId, 'succeed').expect(200);
    await refunding(await theOrganizer(), orderId, { amount: '5.00', reason: 'Rain' }).expect(200);
    await allDone();
    const { orderNumber } = await orderOf(owner, orderId);
    const [refund, , failure] = await notificationsOf(owner);
    expect(await kindsOf(owner)).toEqual(['refund.sent', 'booking.confirmed', 'payment.failed']);
    expect(failure).toMatchObject({ bookingId: booking.id, title: expect.stringContaining('failed') as unknown });
    expect(refund).toMatchObject({ bookingId: booking.id, body: expect.stringContaining('$5.00') as unknown });
    expect(mail.mailsTo(owner.user.email)).toHaveLength(3);
    const mailed = mail.mailsTo(owner.user.email).find(({ subject }) => subject?.startsWith('Refund of $5.00'))!;
    for (const part of [orderNumber, 'Reason: Rain', `https://tickets.example/orders/${orderId}`])
      expect(mailed.text).toContain(part);
    const silence = { email: { bookings: false }, inApp: { bookings: false } };
    await database('users').where('id', owner.user.id).update({ notification_preferences: silence });
    await refunding(await theOrganizer(), orderId).expect(200);
    await allDone();
    expect(mail.mailsTo(owner.user.email)).toHaveLength(4);
    expect(await kindsOf(owner)).toHaveLength(3);
  });

  it('explain a refund for tickets that are no longer available', async () => {
    const { owner, orderId, booking, event } = await anUnpaidOrder({ totalTickets: 2 });
    const { paymentIntentId } = await intentOf(owner, orderId);
    await expireHold(booking.id);
    await booked(await registerUser(), event.id);
    await deciding(paymentIntentId, 'succeed').expect(200);
    await allDone();
    expect(await kindsOf(owner)).toContain('refund.sent');
    const [{ body }] = (await notificationsOf(owner)) as [Notification];
    expect(body).toContain('$20.00 is on its way back');
    expect(body).toContain('We could not use all of your payment');
  });
});
