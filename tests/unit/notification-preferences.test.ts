import { completePreferences, mergePreferences, wantsNotification } from '../../src/lib/notification-preferences';

describe('wantsNotification', () => {
  it('uses the user’s choice, or else the default of the channel', () => {
    expect(wantsNotification({}, 'email', 'events')).toBe(true);
    expect(wantsNotification({}, 'sms', 'events')).toBe(false);
    expect(wantsNotification({ email: { events: false } }, 'email', 'events')).toBe(false);
    expect(wantsNotification({ email: { events: false } }, 'email', 'bookings')).toBe(true);
    expect(wantsNotification({ sms: { waitlist: true } }, 'sms', 'waitlist')).toBe(true);
  });
});

describe('mergePreferences', () => {
  it('replaces earlier choices with later ones and keeps the others', () => {
    const stored = mergePreferences(
      { email: { events: false } },
      { email: { bookings: false }, sms: { events: true } },
    );
    expect(mergePreferences(stored, { email: { events: true } })).toEqual({
      email: { events: true, bookings: false },
      inApp: {},
      sms: { events: true },
      live: {},
    });
  });
});

describe('completePreferences', () => {
  it('names every channel and kind', () => {
    expect(completePreferences({ inApp: { reminders: false } })).toEqual({
      email: { bookings: true, events: true, waitlist: true, reminders: true, messages: true, support: true },
      inApp: { bookings: true, events: true, waitlist: true, reminders: false, messages: true, support: true },
      sms: { bookings: false, events: false, waitlist: false, reminders: false, messages: false, support: false },
      live: { bookings: true, events: true, waitlist: true, reminders: true, messages: true, support: true },
    });
  });
});
