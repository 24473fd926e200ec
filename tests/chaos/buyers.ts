import { setTimeout as sleep } from 'node:timers/promises';
import type { TestUser } from '../helpers/accounts';
import type { TestEvent } from '../helpers/events';
import type { Answer, Asker } from './ask';
import type { Random } from './random';

/** The events that buyers want. */
export interface Offers {
  /** Free, with room for all; a customer may book more than once, so only the key keeps a repeated request from booking again. */
  open: TestEvent;
  /** Free, and sold out most of the time: one booking each, and a waitlist. */
  scarce: TestEvent;
  /** With a price. */
  paid: TestEvent;
}

/** What one customer was told. Each customer books once. */
export interface Told {
  user: TestUser;
  eventId: number;
  key: string;
  /** From the answer that the booking exists; undefined if it was refused. */
  booking?: { id: number; reference: string; orderId: number | undefined };
  /** The code of the refusal. */
  refusal?: string;
  /** The answer never came, although it was asked for until the end. */
  isUnknown?: boolean;
  isCancelled?: boolean;
  isPaid?: boolean;
  isWaiting?: boolean;
}

interface Buying {
  asker: Asker;
  random: Random;
  offers: Offers;
  takeUser(): TestUser | undefined;
  isOver(): boolean;
}

interface BookingBody {
  id: number;
  reference: string;
  order?: { id: number } | null;
}

const codeOf = ({ body }: Answer): string => body.error?.code ?? 'NONE';

async function book({ asker }: Buying, told: Told): Promise<void> {
  const body = { eventId: told.eventId, ticketsCount: 1 };
  const answer = await asker.ask({
    method: 'POST',
    path: '/api/bookings',
    token: told.user.token,
    body,
    key: told.key,
  });
  if (!answer) told.isUnknown = true;
  else if (answer.status === 201) {
    const { id, reference, order } = answer.body.data as unknown as BookingBody;
    told.booking = { id, reference, orderId: order?.id };
  } else told.refusal = codeOf(answer);
}

async function cancel({ asker }: Buying, told: Told): Promise<void> {
  const path = `/api/bookings/${told.booking!.id}/cancel`;
  const answer = await asker.ask({ method: 'PUT', path, token: told.user.token, body: {}, key: `${told.key}-cancel` });
  // A repeated request may find that the first one did it.
  if (answer && (answer.status === 200 || codeOf(answer) === 'ALREADY_CANCELLED')) told.isCancelled = true;
}

async function pay({ asker }: Buying, told: Told): Promise<void> {
  const { token } = told.user;
  const started = await asker.ask({
    method: 'POST',
    path: `/api/orders/${told.booking!.orderId}/pay`,
    token,
    body: { paymentMethod: 'sandbox' },
    key: `${told.key}-pay`,
  });
  if (started?.status !== 200 && started?.status !== 201) return;
  const { paymentIntentId } = started.body.data as { paymentIntentId: string };
  const paid = await asker.ask({ method: 'POST', path: `/api/payments/sandbox/${paymentIntentId}/succeed`, token: '' });
  if (paid?.status === 200) told.isPaid = true;
}

async function join({ asker }: Buying, told: Told): Promise<void> {
  const body = { eventId: told.eventId, ticketsCount: 1 };
  const path = '/api/waitlist/join';
  const answer = await asker.ask({ method: 'POST', path, token: told.user.token, body, key: `${told.key}-join` });
  if (answer && (answer.status === 201 || codeOf(answer) === 'ALREADY_ON_WAITLIST')) told.isWaiting = true;
}

async function visit(buying: Buying, told: Told): Promise<void> {
  const { random, offers } = buying;
  await book(buying, told);
  if (told.refusal === 'SOLD_OUT') await join(buying, told);
  if (!told.booking) return;
  if (told.booking.orderId !== undefined) return pay(buying, told);
  const chance = told.eventId === offers.scarce.id ? 0.6 : 0.2;
  if (random.next() > chance) return;
  await sleep(random.between(0, 1000));
  await cancel(buying, told);
}

/** Buys as one visitor after another, until it is over, and writes down what each was told. */
export async function buy(buying: Buying, ledger: Told[]): Promise<void> {
  const { random, offers } = buying;
  for (let user = buying.takeUser(); user && !buying.isOver(); user = buying.takeUser()) {
    const { id: eventId } = random.pick([offers.open, offers.open, offers.scarce, offers.paid]);
    const told: Told = { user, eventId, key: `chaos-${user.user.id}` };
    ledger.push(told);
    await visit(buying, told);
    await sleep(random.between(200, 600));
  }
}
