import { database } from '../../../src/database';
import { migrate, rollback } from '../../../src/migrate';
import { anOpenEvent, booked, cancelling, codeOf, moveEvent, registerUser, theOrganizer } from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { violations } from '../../helpers/invariants';
import { execute } from '../../helpers/servers/postgres';
import { heldBy, ticketsOf, transferring } from '../../helpers/tickets';

const ownerUrl = process.env.DATABASE_OWNER_URL!;
const program = new URL(process.env.DATABASE_URL!).username;

async function backTo(migration: string): Promise<void> {
  for (let last = ''; last !== migration;) last = (await rollback(ownerUrl))[0]!;
}

describe('the migration of ticket holders and terms', () => {
  it('gives bookings the terms of their event, and transferred tickets to the user who verified the address', async () => {
    const refundPolicy = { fullUntilHours: 72, thenPercent: 50 };
    const event = await anOpenEvent({ cancellationWindowHours: 2, refundPolicy });
    const usual = await anOpenEvent();
    const [owner, holder] = [await registerUser(), await registerUser()];
    const made = await booked(owner, event.id, 2);
    const other = await booked(owner, usual.id);
    await transferring(owner, made.id, made.tickets[0]!.id, { email: holder.user.email }).expect(200);

    await backTo('0013-ticket-holders.sql');
    await execute(ownerUrl, `UPDATE events SET cancellation_window_hours = 3 WHERE id = ${event.id}`);
    await migrate(ownerUrl, program);

    const terms = await database('bookings')
      .orderBy('id')
      .select('id', 'cancellation_window_hours as hours', 'refund_policy as policy');
    expect(terms).toEqual([
      { id: made.id, hours: '3.00', policy: refundPolicy },
      { id: other.id, hours: null, policy: null },
    ]);
    expect(await heldBy(holder)).toMatchObject([{ id: made.tickets[0]!.id }]);
    expect(await ticketsOf(owner, made.id)).toMatchObject([{ code: null, status: 'transferred' }, { status: 'valid' }]);
    await as(await theOrganizer())
      .put(`/api/events/${usual.id}`)
      .send({ cancellationWindowHours: 48 })
      .expect(200);
    await moveEvent(usual.id, 23);
    expect(codeOf(await cancelling(owner, other.id).expect(409))).toBe('CANCELLATION_WINDOW_CLOSED');
    await moveEvent(usual.id, 25);
    await cancelling(owner, other.id).expect(200);
    expect(await violations(database)).toEqual([]);
  });
});
