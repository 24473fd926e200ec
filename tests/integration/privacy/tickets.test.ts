import { database } from '../../../src/database';
import { PASSWORD } from '../../helpers/accounts';
import { anOpenEvent, booked, registerUser, type TestUser } from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { violations } from '../../helpers/invariants';
import { finishErasures } from '../../../src/services/privacy/erase-account';
import { heldBy, ticketsOf, transferring, transferringHeld } from '../../helpers/tickets';

interface Exported {
  tickets: { id: number; attendeeName: string | null; attendeeEmail: string | null }[];
  ticketsReceived: { id: number }[];
}

async function exportOf(user: TestUser): Promise<Exported> {
  const { body } = await as(user).get('/api/users/me/export').expect(200);
  return (body as { data: Exported }).data;
}

const erasing = (user: TestUser) => as(user).delete('/api/users/me').send({ password: PASSWORD });
const to = ({ user }: TestUser) => ({ name: 'Grace Hopper', email: user.email });

/** Books two tickets and transfers the first one to `holder`. */
async function aTransferred(holder: TestUser) {
  const event = await anOpenEvent();
  const owner = await registerUser();
  const made = await booked(owner, event.id, 2);
  const [given, kept] = made.tickets.map(({ id }) => id) as [number, number];
  await transferring(owner, made.id, given, to(holder)).expect(200);
  return { owner, made, given, kept };
}

afterAll(async () => expect(await violations(database)).toEqual([]));

describe('exportAccount', () => {
  it('includes tickets received under a verified address, but not under an unverified one', async () => {
    const holder = await registerUser({ isVerified: false });
    const { given } = await aTransferred(holder);
    expect((await exportOf(holder)).ticketsReceived).toEqual([]);
    await database('users').where({ id: holder.user.id }).update({ email_verified_at: new Date() });
    expect((await exportOf(holder)).ticketsReceived).toMatchObject([{ id: given }]);
  });

  it('does not reveal to the booker who got the ticket from its holder', async () => {
    const [holder, third] = [await registerUser(), await registerUser()];
    const { owner, made, given } = await aTransferred(holder);
    const attendee = async () => (await exportOf(owner)).tickets.find(({ id }) => id === given);
    expect(await attendee()).toMatchObject({ attendeeName: 'Grace Hopper', attendeeEmail: holder.user.email });
    await transferringHeld(holder, given, { name: 'Third', email: third.user.email }).expect(200);
    expect(await attendee()).toMatchObject({ attendeeName: null, attendeeEmail: null });
    const shown = (await ticketsOf(owner, made.id)).find(({ id }) => id === given);
    expect(shown).toMatchObject({ status: 'transferred', attendeeName: null });
    expect(await heldBy(third)).toMatchObject([{ attendeeName: 'Third' }]);
  });
});

describe('eraseAccount', () => {
  it('of the booker leaves a transferred ticket to its holder', async () => {
    const holder = await registerUser();
    const { owner, made, given, kept } = await aTransferred(holder);
    await erasing(owner).expect(204);
    await finishErasures();
    expect(await heldBy(holder)).toMatchObject([{ id: given, status: 'valid', attendeeName: 'Grace Hopper' }]);
    const rows = await database('tickets').where({ booking_id: made.id }).orderBy('id').select('id', 'attendee_email');
    expect(rows).toEqual([
      { id: given, attendee_email: holder.user.email },
      { id: kept, attendee_email: null },
    ]);
    expect(await database('bookings').where({ id: made.id }).pluck('status')).toEqual(['confirmed']);
  });

  it('of the holder removes their name and leaves the ticket without a holder', async () => {
    const holder = await registerUser();
    const { owner, made, given } = await aTransferred(holder);
    await erasing(holder).expect(204);
    expect(JSON.stringify(await database('tickets').where({ id: given }))).not.toContain(holder.user.email);
    expect((await ticketsOf(owner, made.id)).find(({ id }) => id === given)).toMatchObject({
      status: 'transferred',
      code: null,
    });
    // A later account with that address does not get the ticket either.
    const later = await registerUser({ email: holder.user.email });
    expect(await heldBy(later)).toEqual([]);
  });

  it('of an account with an unverified address changes no ticket of the address’s owner', async () => {
    const claimant = await registerUser({ isVerified: false });
    const { given } = await aTransferred(claimant);
    await erasing(claimant).expect(204);
    const owner = await registerUser({ email: claimant.user.email });
    expect(await heldBy(owner)).toMatchObject([{ id: given, attendeeName: 'Grace Hopper' }]);
  });

  it('of a booker removes their unverified address from a ticket sent to it', async () => {
    const owner = await registerUser({ isVerified: false });
    const made = await booked(owner, (await anOpenEvent()).id);
    await transferring(owner, made.id, made.tickets[0]!.id, to(owner)).expect(200);
    await erasing(owner).expect(204);
    expect(await database('tickets').where({ booking_id: made.id }).pluck('attendee_email')).toEqual([null]);
  });
});
