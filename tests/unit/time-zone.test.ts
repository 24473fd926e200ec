import { isTimeZone, localDate } from '../../src/lib/time-zone';

describe('isTimeZone', () => {
  it.each(['UTC', 'Europe/Istanbul', 'America/Argentina/Buenos_Aires', 'Etc/GMT+3', 'Asia/Kolkata'])(
    'takes %s',
    (name) => {
      expect(isTimeZone(name)).toBe(true);
    },
  );

  it.each(['', '+03:00', '-05', 'Mars/Base', 'Europe/', 'UTC; DROP', 'Europe/Berlin\n', '../etc'])(
    'refuses %j',
    (name) => {
      expect(isTimeZone(name)).toBe(false);
    },
  );
});

describe('localDate', () => {
  it.each([
    ['Pacific/Auckland', '2030-06-30T12:30:00Z', '2030-07-01'],
    ['America/Los_Angeles', '2030-01-01T07:59:00Z', '2029-12-31'],
    ['Asia/Kathmandu', '2030-01-01T18:15:00Z', '2030-01-02'],
    // An hour less since midnight: the clocks go forward.
    ['Europe/Berlin', '2030-03-31T21:59:00Z', '2030-03-31'],
    ['UTC', '2030-01-01T23:59:59Z', '2030-01-01'],
  ])('in %s, %s is on %s', (zone, time, date) => {
    expect(localDate(zone)(new Date(time))).toBe(date);
  });
});
