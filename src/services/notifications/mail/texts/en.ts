const tickets = (count: number): string => (count === 1 ? '1 ticket' : `${count} tickets`);

export const en = {
  greeting: (name: string) => `Hello ${name},`,
  greetingNobody: 'Hello,',
  unsubscribeAll: 'Don’t want any email from us at this address? Unsubscribe:',
  unsubscribe: 'Don’t want emails like this? Unsubscribe:',
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
    credits: 'Credits',
    supportTicket: 'Request',
    subject: 'Subject',
    carrier: 'Carrier',
    trackingNumber: 'Tracking number',
    received: 'Received',
  },
  actions: {
    showBooking: 'View booking',
    showEvent: 'View event',
    downloadTickets: 'Download tickets (PDF)',
    downloadInvoice: 'Download invoice (PDF)',
    bookNow: 'Book now',
    confirmAddress: 'Confirm email address',
    choosePassword: 'Choose a new password',
    payNow: 'Pay now',
    showOrder: 'View order',
    claimRefund: 'Claim refund',
    trackParcel: 'Track your parcel',
    showCredits: 'View your credits',
    showLicenses: 'View your licenses',
    showSupportTicket: 'View request',
  },
  bookingConfirmed: {
    title: (event: string) => `Your booking for ${event} is confirmed`,
    body: (count: number, reference: string) => `You have ${tickets(count)}. Your booking reference is ${reference}.`,
    attached: 'Your tickets are attached. Show their codes at the door. Each ticket admits one person, once.',
    linked: 'Download your tickets below, and show their codes at the door. Each ticket admits one person, once.',
  },
  bookingCancelled: {
    title: (event: string) => `Your booking for ${event} is cancelled`,
    titleByEvent: (event: string) => `${event} is cancelled`,
    customer: 'Your booking was cancelled, as you requested.',
    organizer: 'The organizer cancelled your booking.',
    event: 'The event will not take place, so your booking was cancelled.',
    dispute: 'Your payment was charged back, so your tickets are void.',
  },
  bookingExpired: {
    title: (event: string) => `Your reservation for ${event} has expired`,
    body: (count: number) =>
      `It was not paid in time, so others can now book ${count === 1 ? 'the ticket' : `the ${tickets(count)}`}. You can book again.`,
  },
  bookingReminder: {
    title: (event: string) => `${event} starts soon`,
    body: (count: number) => `This is a reminder of your booking: ${tickets(count)}.`,
  },
  bookingRescheduled: {
    title: (event: string) => `Changed: ${event}`,
    body: 'The time or place of the event has changed. If it no longer suits you, you can cancel until the event starts.',
    change: (name: string, from: string, to: string) => `${name}: was ${from}; is now ${to}`,
  },
  eventUpdated: {
    title: (event: string) => `${event} has changed`,
    body: (what: string) => `The organizer changed the following: ${what}.`,
    words: { title: 'title', description: 'description', time: 'time', venue: 'venue', details: 'details' },
  },
  eventMessage: {
    author: (name: string | null, event: string) =>
      name ? `${name}, who organizes ${event}, writes:` : `The organizer of ${event} writes:`,
    subject: (event: string) => `A message about ${event}`,
    footer: (event: string) => `The organizer of ${event} sent you this because you have a ticket for it.`,
  },
  ticketTransferred: {
    title: (event: string) => `Your ticket for ${event}`,
    body: 'The person who booked this ticket transferred it to you. It is attached. Show its code at the door. The ticket admits one person, once, so keep the code to yourself.',
  },
  ticketIssued: {
    title: (event: string) => `Your ticket for ${event}`,
    body: 'Someone booked a ticket for you.',
    attached:
      'It is attached. Show its code at the door. The ticket admits one person, once, so keep the code to yourself.',
  },
  ticketReminder: { body: 'This is a reminder of your ticket.' },
  ticketRescheduled: { body: 'The time or place of the event has changed. Your ticket remains valid.' },
  ticketVoid: {
    title: (event: string) => `Your ticket for ${event} is void`,
    event: 'The event will not take place, so your ticket is void.',
    booking: 'Its booking was cancelled, so the ticket no longer admits anyone.',
  },
  paymentFailed: {
    title: (event: string) => `Your payment for ${event} failed`,
    body: (money: string, count: number, until: string | null) =>
      `We could not charge ${money}, and nothing was charged. Your ${count === 1 ? 'ticket is' : `${tickets(count)} are`} held for you${until === null ? '' : ` until ${until}`}. Please try again, or use another payment method.`,
    bodyOfOrder: (money: string, until: string | null) =>
      `We could not charge ${money}, and nothing was charged. What you ordered is held for you${until === null ? '' : ` until ${until}`}. Please try again, or use another payment method.`,
  },
  orderPaid: {
    order: (number: string) => `order ${number}`,
    title: (number: string) => `Thank you for your order ${number}`,
    body: 'We have received your payment. Tickets and licenses arrive in mails of their own, and goods are sent to you.',
    items: 'Items',
  },
  orderExpired: {
    title: (number: string) => `Your order ${number} has expired`,
    body: 'It was not paid in time, so what you ordered is no longer held for you, and nothing was charged. You can order again.',
  },
  orderFulfilled: {
    title: (number: string) => `Your order ${number} is on its way`,
    body: 'These items of your order have been sent to you.',
  },
  orderWithdrawn: {
    title: (number: string) => `We have received your withdrawal from order ${number}`,
    body: 'You have withdrawn from the purchase of these items. This mail confirms when we received it.',
    refund:
      'The money goes back to where it came from. Please send back within 14 days what you have already received.',
  },
  withdrawalReceived: {
    title: (number: string) => `A customer has withdrawn from order ${number}`,
    body: 'The customer has withdrawn from the purchase of these items of yours. The refund is on its way. What was already sent should come back to you within 14 days.',
  },
  refundSent: {
    title: (money: string, event: string) => `Refund of ${money} for ${event}`,
    sent: (money: string) =>
      `${money} is on its way back to the payment method you used. With some banks this takes a few days.`,
    toBeClaimed: (money: string) =>
      `${money} is ready for you to claim. We cannot send it back to the payment method you used, so please tell us where to send it.`,
    toCredits: (money: string) => `${money} was added to your credits. You can pay with them at your next order.`,
    cancellation: 'Your booking was cancelled.',
    unusable:
      'We could not use all of your payment: it came too late, was made twice, or did not match the order total.',
  },
  creditsGranted: {
    title: (money: string) => `You received ${money} in credits`,
    body: 'We added them to your account. You can pay with them at your next order.',
  },
  creditsExpiring: {
    title: (money: string) => `${money} in credits will expire soon`,
    body: 'You can still pay with them until then.',
  },
  licenseIssued: {
    title: (count: number, product: string) =>
      count === 1 ? `Your license for ${product}` : `Your ${count} licenses: ${product}`,
    body: (count: number): string =>
      count === 1
        ? 'This is your license key. Enter it in the program, and keep it to yourself.'
        : 'These are your license keys. Enter each in the program, and keep them to yourself.',
    more: (count: number) => `${count} more keys are in your account.`,
  },
  waitlistOffered: {
    title: (count: number, event: string) =>
      `${tickets(count)} for ${event}: book in time to get ${count === 1 ? 'it' : 'them'}`,
    body: (count: number, until: string) =>
      `It is your turn: ${tickets(count)} ${count === 1 ? 'is' : 'are'} held for you until ${until}.`,
    how: 'To accept the offer, book the event before then in the usual way. If you do nothing, the tickets go to the next person on the waitlist.',
  },
  waitlistExpired: {
    title: (event: string) => `Your offer for ${event} has expired`,
    body: 'You did not book the tickets held for you in time, so they went to the next person on the waitlist. You can join the waitlist again, at its end.',
  },
  waitlistTypeClosed: {
    title: (event: string) => `You are no longer on the waitlist for ${event}`,
    body: 'The tickets you were waiting for are no longer offered, so their waitlist is closed. You can join the waitlist for other tickets to the event.',
  },
  waitlistClosed: {
    title: (event: string) => `${event} is cancelled`,
    body: 'The event will not take place, so its waitlist is closed.',
  },
  supportMessage: {
    replied: (number: string, subject: string) => `Re: ${subject} (${number})`,
    asked: (number: string, subject: string) => `${number}: ${subject}`,
    staffWrites: 'We have answered your request:',
    customerWrites: (name: string | null) => (name ? `${name} writes:` : 'A customer writes:'),
  },
  supportOverdue: {
    title: (number: string, subject: string) => `Overdue: ${number}: ${subject}`,
    body: 'Nobody has answered this request in time. Please answer it now.',
  },
  supportResolved: {
    title: (number: string, subject: string) => `Resolved: ${subject} (${number})`,
    body: 'We think that your request is resolved. If it is not, reply within 7 days. After that it is closed, and you can still reopen it for 14 days.',
  },
  verification: {
    title: 'Please confirm your email address',
    body: 'This address was used for an account at Bilten. If that was you, please confirm it. If not, you can ignore this email.',
  },
  passwordReset: {
    title: 'Reset your password',
    body: 'Someone requested a new password for your account. If that was not you, ignore this email; your password stays the same.',
  },
  sms: {
    offered: (count: number, event: string, until: string) =>
      `${tickets(count)} for ${event}: held for you until ${until}.`,
    cancelled: (event: string) => `${event} is cancelled. You need not do anything; see your email for details.`,
    moved: (event: string, when: string) => `${event} has changed. It is now on ${when}.`,
    reminder: (event: string, when: string) => `${event} starts on ${when}.`,
  },
  failurePage: {
    retry: 'Try again',
    home: 'See what’s on',
    notFound: {
      title: 'Not found',
      body: 'The link is incomplete, or its page no longer exists. Check that you copied all of it.',
    },
    refused: {
      title: 'This link does not work',
      body: 'It may be incomplete or no longer valid. Please request a new one.',
    },
    tooMany: { title: 'Too many requests', body: 'Please wait a few minutes, then try again.' },
    broken: { title: 'Something went wrong', body: 'The problem is on our side. Please try again in a few minutes.' },
  },
  unsubscribePage: {
    title: 'Unsubscribe',
    reminders: 'Stop email reminders of events?',
    messages: 'Stop emails from organizers?',
    all: 'Stop all email from Bilten to this address, including tickets that others book for you?',
    button: 'Unsubscribe',
    done: 'You will no longer get emails like this. We will still email you your tickets and anything about them. You can change this in your account.',
    allDone:
      'We will no longer send email to this address. If you register with it and confirm that it is yours, you will hear from us again.',
  },
};

/** The texts that every language must have. */
export type Texts = typeof en;
