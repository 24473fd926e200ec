/** Builds URLs of the pages that mail links to. */
export interface Links {
  event(eventId: number): string;
  /** With a token, the page works without signing in. */
  booking(bookingId: number, token?: string): string;
  order(orderId: number): string;
  credits(): string;
  licenses(): string;
  supportTicket(supportTicketId: number): string;
  /** Where staff answers. */
  supportDesk(supportTicketId: number): string;
  verifyEmail(token: string): string;
  resetPassword(token: string): string;
}

/** Returns the links to the program's own pages below `publicUrl`, which has no trailing slash. */
export function createPageLinks(publicUrl: string): Links {
  return {
    ...createFrontendLinks(publicUrl),
    event: (eventId) => `${publicUrl}/e/${eventId}`,
    booking: (bookingId, token) =>
      token === undefined ? `${publicUrl}/bookings/${bookingId}` : `${publicUrl}/b/${encodeURIComponent(token)}`,
    supportTicket: (supportTicketId) => `${publicUrl}/account/support/${supportTicketId}`,
    credits: () => `${publicUrl}/account/credits`,
    licenses: () => `${publicUrl}/account/licenses`,
  };
}

/** Returns the links to a front end at `origin`; the desk of staff is at `publicUrl`. Neither has a trailing slash. */
export function createFrontendLinks(origin: string, publicUrl = origin): Links {
  return {
    event: (eventId) => `${origin}/events/${eventId}`,
    booking: (bookingId, token) =>
      `${origin}/bookings/${bookingId}${token === undefined ? '' : `?token=${encodeURIComponent(token)}`}`,
    supportTicket: (supportTicketId) => `${origin}/support/${supportTicketId}`,
    supportDesk: (supportTicketId) => `${publicUrl}/admin/support/${supportTicketId}`,
    order: (orderId) => `${origin}/orders/${orderId}`,
    credits: () => `${origin}/credits`,
    licenses: () => `${origin}/licenses`,
    verifyEmail: (token) => `${origin}/verify-email?token=${encodeURIComponent(token)}`,
    resetPassword: (token) => `${origin}/reset-password?token=${encodeURIComponent(token)}`,
  };
}
