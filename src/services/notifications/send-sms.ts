import { sms } from '../../integrations/sms';
import { toSmsText } from '../../lib/text/gsm';
import { toE164 } from '../../lib/phone';
import { findSmsOfBooking } from './notify-bookings';
import type { DueSms } from './notify';
import { findSmsOfEntry } from './notify-waitlist';
import type { LeasedMessage } from '../outbox/handle-messages';

export { SMS_CONNECTIONS } from '../../integrations/sms';

async function findDueSms({
  about,
  bookingId,
  entryId,
}: LeasedMessage<'sms.due'>['payload']): Promise<DueSms | undefined> {
  if (about === 'waitlist.offered') return entryId === undefined ? undefined : findSmsOfEntry(entryId);
  return bookingId === undefined ? undefined : findSmsOfBooking(about, bookingId);
}

/** Sends a text message if it is still current. Skips numbers that cannot be reached. */
export async function sendDueSms({ payload, effects }: LeasedMessage<'sms.due'>): Promise<'sms' | undefined> {
  if (effects.includes('sms')) return undefined;
  const due = await findDueSms(payload);
  const to = toE164(due?.phone ?? null);
  if (!due || !to) return undefined;
  return (await sms().send({ to, body: toSmsText(`${due.text} ${due.url}`) })) ? 'sms' : undefined;
}
