/** Pages of the front end that mail leads to. */
export interface Links {
  event(eventId: number): string;
  booking(bookingId: number): string;
  order(orderId: number): string;
  verifyEmail(token: string): string;
  resetPassword(token: string): string;
}

/** `origin` without a slash at its end. */
export function frontendLinks(origin: string): Links {
  return {
    event: (eventId) => `${origin}/events/${eventId}`,
    booking: (bookingId) => `${origin}/bookings/${bookingId}`,
    order: (orderId) => `${origin}/orders/${orderId}`,
    verifyEmail: (token) => `${origin}/verify-email?token=${encodeURIComponent(token)}`,
    resetPassword: (token) => `${origin}/reset-password?token=${encodeURIComponent(token)}`,
  };
}
