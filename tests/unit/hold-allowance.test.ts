import { calculateHoldAllowance } from '../../src/lib/bookings/hold-allowance';

const limits = { pauseMinutes: 1, maxTickets: 10 };
const none = { count: 0, secondsAgo: Infinity };

it.each([
  [0, Infinity, 0, 10],
  [1, 0, 60, 5],
  [1, 59.5, 1, 5],
  [1, 60, 0, 5],
  [2, 0, 120, 2],
  [3, 100, 140, 1],
  [50, 0, 3600, 1],
])(
  'returns pause and limit after %i abandoned holds, the last %d s ago',
  (count, secondsAgo, pauseSeconds, maxTickets) => {
    expect(calculateHoldAllowance({ account: { count, secondsAgo }, network: none }, limits)).toEqual({
      pauseSeconds,
      maxTickets,
    });
  },
);

it('counts ten holds of a network like one hold of an account', () => {
  const forNetwork = (count: number) => ({ account: none, network: { count, secondsAgo: 0 } });
  expect(calculateHoldAllowance(forNetwork(9), limits)).toEqual({ pauseSeconds: 0, maxTickets: 10 });
  expect(calculateHoldAllowance(forNetwork(19), limits)).toEqual({ pauseSeconds: 60, maxTickets: 5 });
  expect(calculateHoldAllowance(forNetwork(20), limits)).toEqual({ pauseSeconds: 120, maxTickets: 2 });
});

it('limits nothing if the pause is zero', () => {
  const many = { count: 9, secondsAgo: 0 };
  expect(calculateHoldAllowance({ account: many, network: many }, { ...limits, pauseMinutes: 0 })).toEqual({
    pauseSeconds: 0,
    maxTickets: 10,
  });
});
