import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { database } from '../../../src/database';
import { revokeTicketKey, rotateTicketKey } from '../../../src/services/tickets/signing-keys';
import {
  anOpenEvent,
  booked,
  cancelling,
  codeOf,
  registerUser,
  theOrganizer,
  type TestBooking,
  type TestUser,
} from '../../helpers/bookings';
import { as } from '../../helpers/client';
import type { TestEvent } from '../../helpers/events';
import {
  believed,
  bytesOf,
  checkingIn,
  codeFrom,
  publicKeys,
  takingBack,
  heldBy,
  ticketsOf,
  transferring,
} from '../../helpers/tickets';

interface Sold {
  event: TestEvent;
  owner: TestUser;
  made: TestBooking;
  codes: string[];
}

let organizer: TestUser;
beforeAll(async () => {
  organizer = await theOrganizer();
});

async function sold(count = 1, fields: Record<string, unknown> = {}): Promise<Sold> {
  const event = await anOpenEvent(fields);
  const owner = await registerUser();
  const made = await booked(owner, event.id, count);
  return { event, owner, made, codes: made.tickets.map(({ code }) => code) };
}

const rowOf = (id: number) => database('tickets').where({ id }).first('checked_in_at', 'checked_in_by');

describe('checkIn', () => {
  it('checks in a ticket once and returns the time', async () => {
    const { event, made, codes } = await sold(2);
    const [first, second] = made.tickets;
    const { body } = await checkingIn(organizer, event.id, codes[0]).expect(200);
    expect(body.data).toEqual({
      id: first!.id,
      eventId: event.id,
      bookingId: made.id,
      reference: made.reference,
      ticketTypeId: event.ticketTypes[0]!.id,
      ticketTypeName: 'General admission',
      seat: null,
      attendeeName: null,
      status: 'valid',
      checkedInAt: expect.any(String),
      checkedInGate: null,
    });
    const row = await rowOf(first!.id);
    expect(row).toMatchObject({ checked_in_by: organizer.user.id });
    expect(row!.checked_in_at!.toISOString()).toBe(body.data.checkedInAt);

    const again = await checkingIn(organizer, event.id, codes[0]).expect(409);
    expect(again.body.error).toMatchObject({
      code: 'ALREADY_CHECKED_IN',
      details: [{ path: 'code', checkedInAt: body.data.checkedInAt }],
    });
    expect(await rowOf(second!.id)).toMatchObject({ checked_in_at: null });
  });

  it('checks in once for twenty concurrent scans of the same code', async () => {
    const { event, codes } = await sold();
    const answers = await Promise.all(Array.from({ length: 20 }, () => checkingIn(organizer, event.id, codes[0])));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array<number>(19).fill(409)]);
  });

  it('returns the same response to a scanner that missed it', async () => {
    const { event, codes } = await sold();
    const first = await checkingIn(organizer, event.id, codes[0]).set('Idempotency-Key', 'door 1, scan 1').expect(200);
    const again = await checkingIn(organizer, event.id, codes[0]).set('Idempotency-Key', 'door 1, scan 1').expect(200);
    expect(again.body.data).toEqual(first.body.data);
    expect(again.headers['idempotent-replayed']).toBe('true');
  });

  it('accepts a code with the whitespace that scanners add', async () => {
    const { event, codes } = await sold();
    await checkingIn(organizer, event.id, ` ${codes[0]}\r\n`).expect(200);
  });

  it('is only for the event’s organizer and admins', async () => {
    const { event, owner, codes } = await sold();
    const other = await registerUser({ role: 'organizer' });
    for (const user of [owner, other])
      expect(codeOf(await checkingIn(user, event.id, codes[0]).expect(403))).toBe('FORBIDDEN');
    await checkingIn(await registerUser({ role: 'admin' }), event.id, codes[0]).expect(200);
  });

  it('WRONG_EVENT: a ticket for another event', async () => {
    const [{ event, codes }, other] = [await sold(), await anOpenEvent()];
    expect(codeOf(await checkingIn(organizer, other.id, codes[0]).expect(409))).toBe('WRONG_EVENT');
    await checkingIn(organizer, event.id, codes[0]).expect(200);
  });

  it('TICKET_VOID: a ticket of a cancelled booking', async () => {
    const { event, made, codes } = await sold(2);
    await checkingIn(organizer, event.id, codes[0]).expect(200);
    await cancelling(organizer, made.id).expect(200);
    for (const code of codes) {
      expect(codeOf(await checkingIn(organizer, event.id, code).expect(409))).toBe('TICKET_VOID');
      expect(codeOf(await takingBack(organizer, event.id, code).expect(409))).toBe('TICKET_VOID');
    }
  });

  it('never checks in a ticket that is cancelled at the same time', async () => {
    const { event, made, codes } = await sold(5);
    const [cancelled, ...scans] = await Promise.all([
      cancelling(organizer, made.id),
      ...codes.map((code) => checkingIn(organizer, event.id, code)),
    ]);
    expect(cancelled.status).toBe(200);
    for (const scan of scans) expect([undefined, 'TICKET_VOID']).toContain(codeOf(scan));
    for (const code of codes) expect(codeOf(await checkingIn(organizer, event.id, code))).toBe('TICKET_VOID');
  });

  describe('NOT_FOUND: anything that is not one of our tickets', () => {
    const resign = (bytes: Buffer): Buffer => {
      const { privateKey } = generateKeyPairSync('ed25519');
      return Buffer.concat([bytes.subarray(0, 25), sign(null, bytes.subarray(0, 25), privateKey)]);
    };
    const changedAt = (place: number) => (code: string) => {
      const bytes = bytesOf(code);
      bytes[place]! ^= 1;
      return codeFrom(bytes);
    };
    const forgeries: [string, (code: string) => string][] = [
      ['signed by somebody else', (code) => codeFrom(resign(bytesOf(code)))],
      ['of another key', changedAt(0)],
      ['of another ticket', changedAt(4)],
      ['of another event', changedAt(8)],
      ['of another nonce', changedAt(20)],
      ['with another signature', changedAt(60)],
      ['with its last bit changed', changedAt(88)],
      ['with bits behind the last', (code) => code.slice(0, -1) + (code.endsWith('Y') ? 'Z' : 'B')],
      ['cut off', (code) => code.slice(0, -1)],
      ['cut off in the middle', (code) => code.slice(0, 70)],
      ['with more behind', (code) => `${code}A`],
      ['twice', (code) => code + code],
      ['in small letters', (code) => code.toLowerCase()],
      ['in letters of no code', (code) => code.replace(/^./, '0')],
      ['without a signature', (code) => codeFrom(Buffer.concat([bytesOf(code).subarray(0, 25), Buffer.alloc(64)]))],
      ['a booking’s reference', () => 'DGMKRT4679'],
      ['anything', () => 'let me in, please'],
    ];

    let one: Sold;
    beforeAll(async () => {
      one = await sold();
    });

    it.each(forgeries)('a code %s', async (_how, forge) => {
      const code = forge(one.codes[0]!);
      expect(code).not.toBe(one.codes[0]);
      expect(codeOf(await checkingIn(organizer, one.event.id, code).expect(404))).toBe('NOT_FOUND');
      expect(codeOf(await takingBack(organizer, one.event.id, code).expect(404))).toBe('NOT_FOUND');
      expect(await rowOf(one.made.tickets[0]!.id)).toMatchObject({ checked_in_at: null });
    });

    it.each([[undefined], [''], [12], [['A']], [null], ['A'.repeat(501)]])('400: %p', async (code) => {
      expect(codeOf(await checkingIn(organizer, one.event.id, code).expect(400))).toBe('VALIDATION_ERROR');
    });
  });
});

describe('undoCheckIn', () => {
  it('allows another check-in, and changes nothing if it was not checked in', async () => {
    const { event, codes } = await sold();
    await checkingIn(organizer, event.id, codes[0]).expect(200);
    for (let times = 0; times < 2; times += 1) {
      const { body } = await takingBack(organizer, event.id, codes[0]).expect(200);
      expect(body.data).toMatchObject({ status: 'valid', checkedInAt: null });
    }
    await checkingIn(organizer, event.id, codes[0]).expect(200);
  });
});

describe('getCheckIn', () => {
  const door = async (eventId: number, query = '') => {
    const { body } = await as(organizer).get(`/api/events/${eventId}/check-in${query}`).expect(200);
    return body.data as {
      tickets: number;
      checkedIn: number;
      byTicketType: unknown[];
      list: { id: number; digest: string; checkedInAt: string | null; attendeeName: string | null }[];
      nextAfter: number | null;
    };
  };

  it('has counts by type that match the event’s stats and attendees', async () => {
    const event = await anOpenEvent({ ticketTypes: [{ name: 'Stalls' }, { name: 'Circle' }] });
    const [stalls, circle] = event.ticketTypes.map(({ id }) => id) as [number, number];
    const user = await registerUser();
    const { tickets, id } = await booked(user, event.id, [
      { ticketTypeId: stalls, quantity: 2 },
      { ticketTypeId: circle, quantity: 1 },
    ]);
    for (const { code } of tickets.slice(1)) await checkingIn(organizer, event.id, code).expect(200);
    expect(await door(event.id)).toMatchObject({
      tickets: 3,
      checkedIn: 2,
      byTicketType: [
        { ticketTypeId: stalls, name: 'Stalls', tickets: 2, checkedIn: 1 },
        { ticketTypeId: circle, name: 'Circle', tickets: 1, checkedIn: 1 },
      ],
    });
    const stats = await as(organizer).get(`/api/events/${event.id}/stats`).expect(200);
    expect(stats.body.data).toMatchObject({ checkIns: 2, byTicketType: [{ checkIns: 1 }, { checkIns: 1 }] });
    const attendees = await as(organizer).get(`/api/events/${event.id}/attendees`).expect(200);
    expect(attendees.body.data).toMatchObject([
      { bookingId: id, checkedInAt: null },
      { checkedInAt: expect.any(String) },
      { checkedInAt: expect.any(String) },
    ]);
    await takingBack(organizer, event.id, tickets[1]!.code).expect(200);
    expect(await door(event.id)).toMatchObject({ checkedIn: 1 });
  });

  it('lets an offline scanner verify codes by key and find them by digest', async () => {
    const { event, owner, made, codes } = await sold(3);
    const keys = await publicKeys();
    const holder = await registerUser();
    await transferring(owner, made.id, made.tickets[0]!.id, { email: holder.user.email }).expect(200);
    await checkingIn(organizer, event.id, codes[1]).expect(200);
    const { list } = await door(event.id);
    const found = (code: string) => {
      const read = believed(code, keys)!;
      expect(read.eventId).toBe(event.id);
      const digest = createHash('sha256').update(read.digested).digest('hex').slice(0, 32);
      return list.find((entry) => entry.id === read.id && entry.digest === digest);
    };
    const [received] = await heldBy(holder);
    expect(found(codes[0]!)).toBeUndefined();
    expect(found(received!.code!)).toMatchObject({ attendeeName: 'Grace Hopper', bookerName: null, checkedInAt: null });
    expect(found(codes[1]!)).toMatchObject({ checkedInAt: expect.any(String) });
    const { firstName, lastName } = owner.user;
    expect(found(codes[2]!)).toMatchObject({
      bookerName: [firstName, lastName].filter(Boolean).join(' ') || null,
      checkedInAt: null,
    });
    expect(JSON.stringify(list)).not.toContain(codes[2]);
  });

  it('is paged, and lists each ticket once except void ones', async () => {
    const event = await anOpenEvent();
    const [gone, ...users] = [await registerUser(), await registerUser(), await registerUser()];
    const cancelled = await booked(gone, event.id, 2);
    const expected: number[] = [];
    for (const user of users) expected.push(...(await booked(user, event.id, 3)).tickets.map(({ id }) => id));
    await cancelling(gone, cancelled.id).expect(200);
    const seen: number[] = [];
    let after: number | null = 0;
    do {
      const part: Awaited<ReturnType<typeof door>> = await door(event.id, `?limit=2&after=${after}`);
      seen.push(...part.list.map(({ id }) => id));
      after = part.nextAfter;
    } while (after !== null);
    expect(seen).toEqual(expected);
  });
});

describe('ticket keys', () => {
  it('are public and suffice to verify a code', async () => {
    const { event, codes, made } = await sold();
    const keys = await publicKeys();
    expect(keys).toEqual([
      {
        id: 1,
        algorithm: 'Ed25519',
        publicKey: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----\n/),
        jwk: { kty: 'OKP', crv: 'Ed25519', x: expect.any(String) },
        createdAt: expect.any(String),
      },
    ]);
    expect(believed(codes[0]!, keys)).toMatchObject({ id: made.tickets[0]!.id, eventId: event.id });
    const altered = bytesOf(codes[0]!);
    altered[3]! ^= 1;
    expect(believed(codeFrom(altered), keys)).toBeUndefined();
  });

  it('rotate: the new key signs, and the old key stays valid until it is revoked', async () => {
    const { event, owner, made, codes } = await sold(2);
    const before = bytesOf(codes[0]!)[0]!;
    const after = await rotateTicketKey();
    expect(after).toBe(before + 1);
    const fresh = await ticketsOf(owner, made.id);
    expect(fresh.map(({ code }) => bytesOf(code)[0])).toEqual([after, after]);
    await checkingIn(organizer, event.id, codes[0]).expect(200);
    expect(codeOf(await checkingIn(organizer, event.id, fresh[0]!.code).expect(409))).toBe('ALREADY_CHECKED_IN');

    expect(await revokeTicketKey(before)).toBe(true);
    expect(await revokeTicketKey(before)).toBe(false);
    expect((await publicKeys()).map(({ id }) => id)).toEqual([after]);
    expect(codeOf(await checkingIn(organizer, event.id, codes[1]).expect(404))).toBe('NOT_FOUND');
    await checkingIn(organizer, event.id, fresh[1]!.code).expect(200);
  });
});
