import { database } from '../../../src/database';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { anOpenEvent, booked } from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { aLicense } from '../../helpers/licenses';
import { anUnpaidOrder, paid, refunding, settleMoney, type Sold } from '../../helpers/orders';

interface Hit {
  kind: string;
  id: number;
  title: string;
  userId: number | null;
  bookingId: number | null;
}

describe('what admins find', () => {
  let admin: TestUser;
  let sale: Sold;

  const search = async (q: string): Promise<Hit[]> => {
    const { body } = await as(admin).get('/api/admin/search').query({ q }).expect(200);
    return body.data as Hit[];
  };

  beforeAll(async () => {
    admin = await registerUser({ role: 'admin' });
    sale = await anUnpaidOrder({ currency: 'EUR' });
    await paid(sale);
  });

  describe('GET /admin/search', () => {
    it('finds an account, its order, its booking and its ticket by what people name', async () => {
      const { owner, orderId } = sale;
      const order = (await database('orders').where({ id: orderId }).first('order_number', 'booking_id'))!;
      const bookingId = order.booking_id!;
      const { reference } = (await database('bookings').where({ id: bookingId }).first('reference'))!;
      const [ticketId] = await database('tickets').where('booking_id', bookingId).orderBy('id').pluck('id');
      const { body } = await as(owner).get(`/api/bookings/${bookingId}`).expect(200);
      const { code } = (body.data.tickets as { id: number; code: string }[]).find(({ id }) => id === ticketId)!;
      const user = { kind: 'user', id: owner.user.id, title: owner.user.email };
      expect(await search(owner.user.email.slice(0, 20))).toEqual([expect.objectContaining(user)]);
      expect(await search(owner.user.email)).toEqual(
        expect.arrayContaining([
          expect.objectContaining(user),
          expect.objectContaining({ kind: 'order', id: orderId }),
        ]),
      );
      expect(await search(order.order_number.toLowerCase())).toEqual([
        expect.objectContaining({ kind: 'order', id: orderId, userId: owner.user.id, bookingId }),
      ]);
      expect(await search(` ${reference} `)).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ kind: 'booking', id: bookingId, title: reference }),
          expect.objectContaining({ kind: 'order', id: orderId }),
        ]),
      );
      const ticket = expect.objectContaining({ kind: 'ticket', id: ticketId, bookingId });
      expect(await search(code)).toEqual([ticket]);
      expect(await search(String(ticketId))).toContainEqual(ticket);
    });

    it('finds a license by its key, and nothing by nonsense', async () => {
      const { license, owner } = await aLicense();
      expect(await search(license.key)).toEqual([
        expect.objectContaining({ kind: 'license', id: license.id, userId: owner.user.id }),
      ]);
      expect(await search('nobody-ever-had-this')).toEqual([]);
      expect(await search('99999999999')).toEqual([]);
      await as(admin).get('/api/admin/search').expect(400);
      await as(await registerUser({ role: 'organizer' }))
        .get('/api/admin/search')
        .query({ q: 'a' })
        .expect(403);
    });
  });

  describe('GET /admin/payments/problems', () => {
    const list = async (query: object = {}) => {
      const { body } = await as(admin).get('/api/admin/payments/problems').query(query).expect(200);
      return body as { data: { id: number; failedRefunds: string; orderNumber: string }[]; pagination: object };
    };

    it('lists disputes, discrepancies and failed refunds that were not made again', async () => {
      expect((await list()).data).toEqual([]);
      const { id, intent_id } = (await database('payments').where('order_id', sale.orderId).first('id', 'intent_id'))!;
      const change = (values: object) => database('payments').where({ id }).update(values);
      await change({ discrepancy: 'The ledger shows 1.00 EUR.' });
      expect((await list({ kind: 'discrepancy' })).data).toMatchObject([
        { id, discrepancy: 'The ledger shows 1.00 EUR.' },
      ]);
      expect((await list({ kind: 'disputed' })).data).toEqual([]);
      await change({ discrepancy: null });
      // Somebody has refunded the payment at the provider, so too little is left there.
      const intent = database('sandbox_intents').where('id', intent_id!);
      await refunding(admin, sale.orderId, { amount: 2.5 }).expect(200);
      await intent.clone().update({ captured: 0 });
      await settleMoney();
      await intent.clone().update({ captured: 20 });
      expect(await list({ kind: 'failed_refund' })).toMatchObject({
        data: [{ id, failedRefunds: '2.50' }],
        pagination: { total: 1 },
      });
      expect((await list()).data).toHaveLength(1);
      await refunding(admin, sale.orderId, { amount: 2.5 }).expect(200);
      await settleMoney();
      expect((await list()).data).toEqual([]);
      await as(admin).get('/api/admin/payments/problems').query({ kind: 'other' }).expect(400);
    });
  });

  describe('/admin/users/:id/sessions', () => {
    it('lists where a user is signed in, and signs them out everywhere', async () => {
      const user = await registerUser();
      const path = `/api/admin/users/${user.user.id}/sessions`;
      const { body } = await as(admin).get(path).expect(200);
      expect(body.data).toEqual([expect.objectContaining({ isCurrent: false })]);
      await as(admin).delete(path).expect(204);
      await as(user).get('/api/auth/profile').expect(401);
      expect((await as(admin).get(path).expect(200)).body.data).toEqual([]);
      const entry = { action: 'user.end_sessions', subject_id: user.user.id, actor_id: admin.user.id };
      expect(await database('audit_entries').where(entry).pluck('details')).toEqual([{ sessions: 1 }]);
      await as(admin).get('/api/admin/users/2147483647/sessions').expect(404);
      await as(admin).delete('/api/admin/users/2147483647/sessions').expect(404);
    });
  });

  it('finds bookings that cost nothing', async () => {
    const owner = await registerUser();
    const { reference, id } = await booked(owner, (await anOpenEvent()).id, 1);
    expect(await search(reference)).toEqual([expect.objectContaining({ kind: 'booking', id, userId: owner.user.id })]);
  });
});
