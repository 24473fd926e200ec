import type { Trx } from '../../../src/database';
import { anOpenEvent, registerUser, registerUsers, type TestUser } from '../../helpers/bookings';
import { makeDiscount, usesOf } from '../../helpers/discounts';
import type { Instance } from '../../helpers/instance';
import { createBarrier, startWithFaults, type Faults } from '../../helpers/fault-injection';

// Two processes sell two events, so that no inventory row keeps them apart, only the lock of the discount.

type Lock = 'lock' | 'no lock';

let meet: () => Promise<void>;
const pairs: Partial<Record<Lock, Instance[]>> = {};

/** Returns a connection whose statements lock no discounts. */
const readingOnly = (trx: Trx): Trx =>
  ({
    raw: (sql: string, values: object) => trx.raw(sql.replace('FOR NO KEY UPDATE OF d', ''), values as never),
  }) as unknown as Trx;

function twoProcesses(lock: Lock): Instance[] {
  meet = createBarrier(2);
  const faults: Faults = {
    'models/inventory/lock-discounts': ({ lockDiscounts }) => ({
      async lockDiscounts(trx, request) {
        const discounts = await lockDiscounts(lock === 'lock' ? trx : readingOnly(trx), request);
        await meet();
        return discounts;
      },
    }),
  };
  pairs[lock] ??= [startWithFaults(faults), startWithFaults(faults)];
  return pairs[lock];
}

afterAll(async () => {
  for (const instance of Object.values(pairs).flat()) await instance.close();
});

async function race(lock: Lock, limit: Record<string, number>, users: TestUser[]) {
  const events = [await anOpenEvent({ basePrice: 10 }), await anOpenEvent({ basePrice: 10 })];
  const { id, code } = await makeDiscount(limit);
  const answers = await Promise.all(
    twoProcesses(lock).map((instance, index) =>
      instance
        .as(users[index]!.token)
        .post('/api/bookings')
        .send({ eventId: events[index]!.id, ticketsCount: 1, discountCode: code }),
    ),
  );
  expect(await usesOf(id)).toBe(1);
  return answers.map(({ status }) => status).sort();
}

describe('the last use of a code, requested in two processes at once', () => {
  it('is given once and refused once with the lock', async () => {
    expect(await race('lock', { maxUses: 1 }, await registerUsers(2))).toEqual([201, 409]);
  });

  it('is decided twice without the lock, and stopped by the CHECK', async () => {
    expect(await race('no lock', { maxUses: 1 }, await registerUsers(2))).toEqual([201, 500]);
  });
});

describe('a user’s last use of a code, requested in two processes at once', () => {
  it('is given once and refused once with the lock', async () => {
    const user = await registerUser();
    expect(await race('lock', { maxUsesPerUser: 1 }, [user, user])).toEqual([201, 409]);
  });

  it('is decided twice without the lock, and stopped by the trigger', async () => {
    const user = await registerUser();
    expect(await race('no lock', { maxUsesPerUser: 1 }, [user, user])).toEqual([201, 500]);
  });
});
