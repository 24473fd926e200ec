import { timingSafeEqual } from 'node:crypto';
import { config } from '../../config';
import { deriveToken } from '../secrets.service';

const SIGNATURE_BYTES = 18;

interface LinkedBooking {
  bookingId: number;
  /** The customer; part of the signature. */
  userId: number;
}

const signLink = ({ bookingId, userId }: LinkedBooking): string =>
  deriveToken('booking-link', `${bookingId} of ${userId}`).subarray(0, SIGNATURE_BYTES).toString('base64url');

/** Creates a token that shows a booking to anyone who has the customer's mail, without signing in. Valid as long as JWT_SECRET stays the same. */
export function createBookingLinkToken(booking: LinkedBooking): string {
  return `${booking.bookingId}.${booking.userId}.${signLink(booking)}`;
}

/** Returns the booking that a token opens; undefined if its signature is invalid. */
export function verifyBookingLinkToken(token: string): LinkedBooking | undefined {
  const match = /^([1-9]\d{0,9})\.([1-9]\d{0,9})\.([\w-]+)$/.exec(token);
  if (!match) return undefined;
  const booking = { bookingId: Number(match[1]), userId: Number(match[2]) };
  // Compared as text, because the same bytes have several Base64 spellings.
  const given = Buffer.from(token);
  const expected = Buffer.from(createBookingLinkToken(booking));
  return given.length === expected.length && timingSafeEqual(given, expected) ? booking : undefined;
}

/** Returns the URL of a document of a booking that works without signing in. */
export function getBookingLinkUrl(booking: LinkedBooking, file: 'tickets.pdf' | 'invoice.pdf'): string {
  return `${config.publicUrl}/api/booking-links/${createBookingLinkToken(booking)}/${file}`;
}
