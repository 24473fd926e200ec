/** Pages of the front end that mail leads to. */
export interface Links {
  event(eventId: number): string;
  /** With a token, the page shows it to whoever has the mail. */
  booking(bookingId: number, token?: string): string;
  order(orderId: number): string;
  verifyEmail(token: string): string;
  resetPassword(token: string): string;
}

/** `origin` without a slash at its end. */
export function createFrontendLinks(origin: string): Links {
  return {
    event: (eventId) => `${origin}/events/${eventId}`,
    booking: (bookingId, token) =>
      `${origin}/bookings/${bookingId}${token === undefined ? '' : `?token=${encodeURIComponent(token)}`}`,
    order: (orderId) => `${origin}/orders/${orderId}`,
    verifyEmail: (token) => `${origin}/verify-email?token=${encodeURIComponent(token)}`,
    resetPassword: (token) => `${origin}/reset-password?token=${encodeURIComponent(token)}`,
  };
}
