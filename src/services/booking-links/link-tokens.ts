import { timingSafeEqual } from 'node:crypto';
import { config } from '../../config';
import { deriveToken } from '../secrets.service';

const SIGNATURE_BYTES = 18;

interface LinkedBooking {
  bookingId: number;
  /** Whose it is: nobody else's link opens it. */
  userId: number;
}

const signLink = ({ bookingId, userId }: LinkedBooking): string =>
  deriveToken('booking-link', `${bookingId} of ${userId}`).subarray(0, SIGNATURE_BYTES).toString('base64url');

/** What lets whoever has the booker's mail see the booking, signed out; good as long as JWT_SECRET stays the same. */
export function createBookingLinkToken(booking: LinkedBooking): string {
  return `${booking.bookingId}.${booking.userId}.${signLink(booking)}`;
}

/** What a token opens; undefined if it is not ours. */
export function verifyBookingLinkToken(token: string): LinkedBooking | undefined {
  const match = /^([1-9]\d{0,9})\.([1-9]\d{0,9})\.([\w-]+)$/.exec(token);
  if (!match) return undefined;
  const booking = { bookingId: Number(match[1]), userId: Number(match[2]) };
  // As text: Base64 has several spellings of the same bytes.
  const given = Buffer.from(token);
  const expected = Buffer.from(createBookingLinkToken(booking));
  return given.length === expected.length && timingSafeEqual(given, expected) ? booking : undefined;
}

/** Where the API answers about a booking to whoever has its link. */
export function getBookingLinkUrl(booking: LinkedBooking, file: 'tickets.pdf' | 'invoice.pdf'): string {
  return `${config.publicUrl}/api/booking-links/${createBookingLinkToken(booking)}/${file}`;
}
