import { database } from '../../../src/database';
import {
  anOpenEvent,
  booked,
  cancelling,
  registerUser,
  theOrganizer,
  type TestBooking,
  type TestUser,
} from '../../helpers/bookings';
import { as } from '../../helpers/client';
import type { BodyOf, DataOf } from '../../helpers/endpoints';
import { makeEvent, type TestEvent } from '../../helpers/events';
import { eventually } from '../../helpers/servers/processes';
import { checkingIn, takingBack } from '../../helpers/tickets';

interface Sold {
  event: TestEvent;
  made: TestBooking;
  codes: string[];
}

let organizer: TestUser;
beforeAll(async () => {
  organizer = await theOrganizer();
});

async function sold(count = 1): Promise<Sold> {
  const event = await anOpenEvent();
  const made = await booked(await registerUser(), event.id, count);
  return { event, made, codes: made.tickets.map(({ code }) => code) };
}

const rowOf = (id: number) => database('tickets').where({ id }).first('checked_in_at', 'checked_in_gate');

describe('checkInScans', () => {
  type Result = DataOf<'POST /api/events/{id}/check-in/scans'>['results'][number];
  const sending = (eventId: number, body: BodyOf<'POST /api/events/{id}/check-in/scans'>, key?: string) => {
    const request = as(organizer).post(`/api/events/${eventId}/check-in/scans`).send(body);
    return key === undefined ? request : request.set('Idempotency-Key', key);
  };
  async function send(eventId: number, gate: string, scans: [code: string, scannedAt: Date][]): Promise<Result[]> {
    const timed = scans.map(([code, scannedAt]) => ({ code, scannedAt: scannedAt.toISOString() }));
    return (await sending(eventId, { gate, scans: timed }).expect(200)).body.data.results as Result[];
  }
  const entriesOf = (ticketId: number) =>
    database('audit_entries').where({ action: 'ticket.check_in', subject_id: ticketId }).orderBy('id').pluck('details');

  let moments: Date[];
  let one: Sold;
  beforeEach(async () => {
    one = await sold(2);
    // Scans cannot be older than their tickets.
    const start = Date.now() + 1;
    moments = [0, 1, 2, 3].map((ms) => new Date(start + ms));
    await eventually(() => Promise.resolve(Date.now() > start + 4));
  });

  it('keeps the earliest scan in whatever order they arrive, and reports what it replaces', async () => {
    const { event, made, codes } = one;
    const [code, other] = codes as [string, string];
    const id = made.tickets[0]!.id;
    const [early, middle, late] = moments as [Date, Date, Date];
    const [first] = await send(event.id, 'South', [[code, middle]]);
    expect(first).toMatchObject({
      refusal: null,
      replaced: null,
      ticket: { id, checkedInAt: middle.toISOString(), checkedInGate: 'South' },
    });
    const [second, third] = await send(event.id, 'North', [
      [code, late],
      [other, late],
    ]);
    expect(second).toMatchObject({ refusal: 'ALREADY_CHECKED_IN', ticket: { checkedInAt: middle.toISOString() } });
    expect(third).toMatchObject({ refusal: null });
    const [replacing] = await send(event.id, 'East', [[code, early]]);
    expect(replacing).toMatchObject({
      refusal: null,
      replaced: { checkedInAt: middle.toISOString(), gate: 'South' },
      ticket: { checkedInAt: early.toISOString(), checkedInGate: 'East' },
    });
    expect(await rowOf(id)).toMatchObject({ checked_in_at: early, checked_in_gate: 'East' });
    expect(await entriesOf(id)).toMatchObject([
      { gate: 'South', replaced: null },
      { gate: 'East', checkedInAt: early.toISOString(), replaced: { gate: 'South' } },
    ]);
    const answer = await checkingIn(organizer, event.id, code).expect(409);
    expect(answer.body.error.details).toMatchObject([{ checkedInAt: early.toISOString(), gate: 'East' }]);
    await takingBack(organizer, event.id, code).expect(200);
    expect(await rowOf(id)).toMatchObject({ checked_in_at: null, checked_in_gate: null });
  });

  it('changes nothing when a scan is sent again, with or without its key', async () => {
    const { event, made, codes } = one;
    const body = { gate: 'North', scans: [{ code: codes[0]!, scannedAt: moments[0]!.toISOString() }] };
    const { body: first } = await sending(event.id, body, 'batch 1').expect(200);
    const replay = await sending(event.id, body, 'batch 1').expect(200);
    expect(replay.headers['idempotent-replayed']).toBe('true');
    expect(replay.body).toEqual(first);
    expect((await sending(event.id, body).expect(200)).body).toEqual(first);
    expect(first.data).toMatchObject({ tickets: 2, checkedIn: 1, results: [{ refusal: null, replaced: null }] });
    expect(await entriesOf(made.tickets[0]!.id)).toHaveLength(1);
  });

  it('refuses each scan for itself', async () => {
    const { event, codes } = one;
    const [elsewhere, cancelled] = [await sold(), await booked(await registerUser(), event.id)];
    await cancelling(organizer, cancelled.id).expect(200);
    const [moment] = moments as [Date];
    const results = await send(event.id, 'North', [
      [elsewhere.codes[0]!, moment],
      [cancelled.tickets[0]!.code, moment],
      ['no code', moment],
      [codes[1]!, moment],
    ]);
    expect(results).toMatchObject([
      { refusal: 'WRONG_EVENT', ticket: null },
      { refusal: 'TICKET_VOID', ticket: { id: cancelled.tickets[0]!.id } },
      { refusal: 'NOT_FOUND', ticket: null },
      { refusal: null, ticket: { checkedInGate: 'North' } },
    ]);
    const foreignEvent = await makeEvent(await registerUser({ role: 'organizer' }));
    const theirs = await booked(await registerUser(), foreignEvent.id);
    const scans = [{ ticketId: elsewhere.made.tickets[0]!.id, scannedAt: moment.toISOString() }];
    expect((await sending(event.id, { scans }).expect(200)).body.data.results).toMatchObject([
      { refusal: 'WRONG_EVENT' },
    ]);
    const foreign = [{ ticketId: theirs.tickets[0]!.id, scannedAt: moment.toISOString() }];
    expect((await sending(event.id, { scans: foreign }).expect(200)).body.data.results).toMatchObject([
      { refusal: 'NOT_FOUND', ticket: null },
    ]);
  });

  it('moves times that cannot be to those that can', async () => {
    const { event, made, codes } = one;
    const { confirmed_at: confirmedAt } = (await database('bookings').where({ id: made.id }).first('confirmed_at'))!;
    const [past, future] = await send(event.id, 'North', [
      [codes[0]!, new Date(0)],
      [codes[1]!, new Date(Date.now() + 3_600_000)],
    ]);
    expect(past!.ticket!.checkedInAt).toBe(confirmedAt!.toISOString());
    expect(Date.parse(future!.ticket!.checkedInAt!)).toBeLessThanOrEqual(Date.now());
  });

  it('admits once when several gates send the same tickets at once', async () => {
    const { event, codes } = one;
    const scans = codes.map((code): [string, Date] => [code, moments[0]!]);
    const gates = ['North', 'South', 'East', 'West'];
    const all = await Promise.all(
      gates.map((gate, index) => send(event.id, gate, index % 2 ? scans : [...scans].reverse())),
    );
    const accepted = all.flat().filter(({ refusal }) => refusal === null);
    expect(accepted.map(({ ticket }) => ticket!.id).sort()).toEqual(one.made.tickets.map(({ id }) => id).sort());
  });
});
