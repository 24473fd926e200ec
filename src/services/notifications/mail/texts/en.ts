const tickets = (count: number): string => (count === 1 ? '1 ticket' : `${count} tickets`);

export const en = {
  greeting: (name: string) => `Hello ${name},`,
  greetingNobody: 'Hello,',
  unsubscribeAll: 'You want no mail from us at this address? Unsubscribe:',
  unsubscribe: 'You no longer want mail of this kind? Unsubscribe:',
  tickets,
  reason: (reason: string) => `Reason: ${reason}`,
  seatWords: { row: 'row', seat: 'seat', seats: 'seats' },
  facts: {
    event: 'Event',
    time: 'Time',
    end: 'End',
    venue: 'Venue',
    tickets: 'Tickets',
    seat: 'Seat',
    seats: 'Seats',
    total: 'Total',
    free: 'free',
    reference: 'Booking reference',
    held: 'Held for you',
    until: 'Until',
    ticket: 'Ticket',
    token: 'Token',
    validUntil: 'Valid until',
    order: 'Order',
    refund: 'Refund',
  },
  actions: {
    showBooking: 'Show the booking',
    showEvent: 'Show the event',
    downloadTickets: 'Download the tickets (PDF)',
    downloadInvoice: 'Download the invoice (PDF)',
    bookNow: 'Book now',
    confirmAddress: 'Confirm my address',
    choosePassword: 'Choose a new password',
    payNow: 'Pay now',
    showOrder: 'Show the order',
    fetchMoney: 'Fetch the money',
  },
  bookingConfirmed: {
    title: (event: string) => `Your booking for ${event} is confirmed`,
    body: (count: number, reference: string) => `You have ${tickets(count)}. Your booking reference is ${reference}.`,
    attached: 'Your tickets are attached: show their codes at the door. Each admits one person, once.',
    linked: 'Download your tickets below, and show their codes at the door. Each admits one person, once.',
  },
  bookingCancelled: {
    title: (event: string) => `Your booking for ${event} is cancelled`,
    titleByEvent: (event: string) => `${event} is cancelled`,
    customer: 'Your booking was cancelled, as you asked.',
    organizer: 'Your booking was cancelled by the organizer.',
    event: 'The event will not take place, so your booking was cancelled.',
    dispute: 'Your payment was charged back, so your tickets are void.',
  },
  bookingExpired: {
    title: (event: string) => `Your reservation for ${event} has expired`,
    body: (count: number) =>
      `It was not paid in time, so its ${tickets(count)} can be booked by others. You may book again.`,
  },
  bookingReminder: {
    title: (event: string) => `${event} is about to begin`,
    body: (count: number) => `This is to remind you of your ${tickets(count)}.`,
  },
  bookingRescheduled: {
    title: (event: string) => `Changed: ${event}`,
    body: 'The time or place of the event has changed. If it no longer suits you, you may cancel until the event begins.',
    change: (name: string, from: string, to: string) => `${name}: was ${from}; is now ${to}`,
  },
  eventUpdated: {
    title: (event: string) => `${event} has changed`,
    body: (what: string) => `The organizer has changed: ${what}.`,
    words: { title: 'title', description: 'description', time: 'time', venue: 'venue', details: 'details' },
  },
  eventMessage: {
    author: (name: string | null, event: string) =>
      name ? `${name}, who organizes ${event}, writes:` : `The organizer of ${event} writes:`,
    subject: (event: string) => `A message about ${event}`,
    footer: (event: string) => `You get this from the organizer of ${event}, because you have a ticket to it.`,
  },
  ticketTransferred: {
    title: (event: string) => `Your ticket for ${event}`,
    body: 'Somebody who had booked it has passed this ticket on to you. It is attached: show its code at the door. It admits one person, once, so keep it to yourself.',
  },
  ticketIssued: {
    title: (event: string) => `Your ticket for ${event}`,
    body: 'Somebody has booked a ticket for you.',
    attached: 'It is attached: show its code at the door. It admits one person, once, so keep it to yourself.',
  },
  ticketReminder: { body: 'This is to remind you of your ticket.' },
  ticketRescheduled: { body: 'The time or place of the event has changed. Your ticket is valid as it is.' },
  ticketVoid: {
    title: (event: string) => `Your ticket for ${event} is void`,
    event: 'The event will not take place, so your ticket is void.',
    booking: 'The booking that it belongs to was cancelled. The ticket no longer admits anybody.',
  },
  paymentFailed: {
    title: (event: string) => `Your payment for ${event} has failed`,
    body: (money: string, count: number, until: string | null) =>
      `${money} could not be taken, and nothing was. Your ${tickets(count)} ${count === 1 ? 'is' : 'are'} held for you${until === null ? '' : ` until ${until}`}: please try again, or pay in another way.`,
  },
  refundSent: {
    title: (money: string, event: string) => `Refund of ${money} for ${event}`,
    sent: (money: string) =>
      `${money} is on its way back to what you paid with. That takes a few days with some banks.`,
    toBeFetched: (money: string) =>
      `${money} is yours again. It cannot be sent back by itself to what you paid with: please say where it is to go.`,
    cancellation: 'Your booking was cancelled.',
    unusable:
      'Your payment could not be used, or not all of it: it came too late, twice, or was not what the order costs.',
  },
  waitlistOffered: {
    title: (count: number, event: string) => `${tickets(count)} for ${event}: yours if you book in time`,
    body: (count: number, until: string) =>
      `You are next in line: ${tickets(count)} ${count === 1 ? 'is' : 'are'} held for you until ${until}.`,
    how: 'To take the offer, book the event before then, as you would book any other. If you do nothing, the tickets go to the next in line.',
  },
  waitlistExpired: {
    title: (event: string) => `Your offer for ${event} has expired`,
    body: 'The tickets held for you were not booked in time and have gone to the next in line. You may join the waitlist again, at its end.',
  },
  waitlistTypeClosed: {
    title: (event: string) => `Your place in line for ${event} has ended`,
    body: 'The tickets that you waited for are no longer offered, so the waitlist for them is closed. You may wait for other tickets of the event.',
  },
  waitlistClosed: {
    title: (event: string) => `${event} is cancelled`,
    body: 'The event will not take place, so its waitlist is closed.',
  },
  verification: {
    title: 'Please confirm your email address',
    body: 'This address was given for an account at Bilten. If it was you, confirm it; if not, you need not do anything.',
  },
  passwordReset: {
    title: 'Reset your password',
    body: 'Somebody asked for a new password for your account. If it was not you, ignore this mail: your password stays as it is.',
  },
  sms: {
    offered: (count: number, event: string, until: string) =>
      `${tickets(count)} for ${event}: held for you until ${until}.`,
    cancelled: (event: string) => `${event} is cancelled. You need not do anything; your mail says more.`,
    moved: (event: string, when: string) => `${event} has changed. It is now on ${when}.`,
    reminder: (event: string, when: string) => `${event} begins on ${when}.`,
  },
  failurePage: {
    notFound: {
      title: 'Not found',
      body: 'The link is not complete, or what it led to is gone. Check that all of it was copied.',
    },
    refused: { title: 'This link does not work', body: 'It may be incomplete, or no longer valid. Ask for a new one.' },
    tooMany: { title: 'Too many requests', body: 'Wait a few minutes, then try again.' },
    broken: { title: 'Something went wrong', body: 'It is our fault. Try again in a few minutes.' },
  },
  unsubscribePage: {
    title: 'Unsubscribe',
    reminders: 'Do you no longer want to be reminded of events by mail?',
    messages: 'Do you no longer want messages from organizers by mail?',
    all: 'Do you want no mail from Bilten to this address at all, not even tickets that somebody books for you?',
    button: 'Unsubscribe',
    done: 'You will get no more mail of this kind. Your tickets, and what concerns them, still come by mail. You may change your mind in your account.',
    allDone:
      'We send no more mail to this address. If you register with it and confirm that it is yours, you will hear from us again.',
  },
};

/** What every language has to say. */
export type Texts = typeof en;
