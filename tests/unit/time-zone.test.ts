import { isTimeZone, localDate, spellTimeZone, startOfLocalDay } from '../../src/lib/time-zone';

describe('isTimeZone', () => {
  it.each(['UTC', 'Europe/Istanbul', 'America/Argentina/Buenos_Aires', 'Etc/GMT+3', 'Asia/Kolkata'])(
    'accepts %s',
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

describe('spellTimeZone', () => {
  it.each([
    ['europe/berlin', 'Europe/Berlin'],
    ['EUROPE/BERLIN', 'Europe/Berlin'],
    ['america/argentina/buenos_aires', 'America/Argentina/Buenos_Aires'],
    ['utc', 'UTC'],
    ['gb-eire', 'GB-Eire'],
    ['asia/kolkata', 'Asia/Kolkata'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['us/eastern', 'US/Eastern'],
    ['etc/gmt+5', 'Etc/GMT+5'],
    ['Mars/Base', undefined],
  ])('spells %j as %j', (name, spelled) => expect(spellTimeZone(name)).toBe(spelled));
});

describe('localDate', () => {
  it.each([
    ['Pacific/Auckland', '2030-06-30T12:30:00Z', '2030-07-01'],
    ['America/Los_Angeles', '2030-01-01T07:59:00Z', '2029-12-31'],
    ['Asia/Kathmandu', '2030-01-01T18:15:00Z', '2030-01-02'],
    // The clocks go forward, so this is an hour closer to midnight.
    ['Europe/Berlin', '2030-03-31T21:59:00Z', '2030-03-31'],
    ['UTC', '2030-01-01T23:59:59Z', '2030-01-01'],
  ])('in %s, %s is on %s', (zone, time, date) => {
    expect(localDate(zone)(new Date(time))).toBe(date);
  });
});

describe('startOfLocalDay', () => {
  it.each([
    ['2030-01-31', 'UTC', '2030-01-31T00:00:00.000Z'],
    ['2030-01-31', 'Europe/Vienna', '2030-01-30T23:00:00.000Z'],
    ['2030-07-31', 'Asia/Kathmandu', '2030-07-30T18:15:00.000Z'],
    ['2026-03-29', 'Europe/Vienna', '2026-03-28T23:00:00.000Z'],
    ['2026-04-05', 'Pacific/Auckland', '2026-04-04T11:00:00.000Z'],
    ['2026-11-01', 'America/New_York', '2026-11-01T04:00:00.000Z'],
    // The clocks skip midnight, so the day begins at one.
    ['2024-03-31', 'Asia/Beirut', '2024-03-30T22:00:00.000Z'],
    ['2030-01-01', 'Pacific/Kiritimati', '2029-12-31T10:00:00.000Z'],
  ])('%s in %s is %s', (date, zone, start) => expect(startOfLocalDay(date, zone).toISOString()).toBe(start));
});
