import { database } from '../../database';
import {
  findCreditGrantNotificationData,
  findFulfillmentNotificationData,
  findRecipient,
  findWithdrawalNotificationData,
  findWithdrawalOfSeller,
  listLicenseNotificationData,
} from '../../models/notifications/find-store-data';
import type { Recipient } from '../../models/notifications/notification-data';
import { findEnding } from '../credits/expire-credits';
import { readStoredKey } from '../licenses/license-keys';
import type { LeasedMessage } from '../outbox/handle-messages';
import {
  composeCreditsExpiring,
  composeCreditsGranted,
  composeLicensesIssued,
  composeOrderFulfilled,
  composeOrderWithdrawn,
  composeWithdrawalReceived,
} from './mail/store';
import { links, notify, type Sent } from './notify';

/** How many keys a mail lists. */
const MAX_LISTED_KEYS = 50;

const getReferences = (recipient: Recipient) =>
  ({ recipient, preferenceKind: 'bookings', eventId: null, bookingId: null }) as const;

export async function notifyCreditsGranted(message: LeasedMessage<'credits.granted'>): Promise<Sent> {
  const data = await findCreditGrantNotificationData(database, message.payload.creditEntryId);
  if (!data) return undefined;
  const content = composeCreditsGranted(data, links);
  return notify(message, { ...getReferences(data.recipient), kind: 'credits.granted', content });
}

/** Tells a customer that goods were sent. */
export async function notifyOrderFulfilled(message: LeasedMessage<'order.fulfilled'>): Promise<Sent> {
  const data = await findFulfillmentNotificationData(database, message.payload.fulfillmentId);
  if (!data) return undefined;
  const content = composeOrderFulfilled(data, links);
  return notify(message, { ...getReferences(data.recipient), kind: 'order.fulfilled', content });
}

/** Confirms to a customer that a withdrawal was received. */
export async function notifyOrderWithdrawn(message: LeasedMessage<'order.withdrawn'>): Promise<Sent> {
  const data = await findWithdrawalNotificationData(database, message.payload.withdrawalId);
  if (!data) return undefined;
  const content = composeOrderWithdrawn(data, links);
  return notify(message, { ...getReferences(data.recipient), kind: 'order.withdrawn', content });
}

/** Tells a seller that a customer has withdrawn from the purchase of goods of theirs. */
export async function notifySellerOfWithdrawal(message: LeasedMessage<'order.withdrawal_received'>): Promise<Sent> {
  const data = await findWithdrawalOfSeller(database, message.payload);
  if (!data) return undefined;
  const content = composeWithdrawalReceived(data, links);
  return notify(message, { ...getReferences(data.recipient), kind: 'order.withdrawal_received', content });
}

/** Reminds a user of credits that end soon, unless they are spent by now. */
export async function notifyCreditsExpiring(message: LeasedMessage<'credits.expiring'>): Promise<Sent> {
  const { userId, currency } = message.payload;
  const [ending, recipient] = await Promise.all([findEnding({ userId, currency }), findRecipient(database, userId)]);
  if (!ending || !recipient) return undefined;
  const content = composeCreditsExpiring({ ...ending, currency, recipient }, links);
  return notify(message, { ...getReferences(recipient), kind: 'credits.expiring', content });
}

/** Sends the owner of new licenses their keys. */
export async function notifyLicensesIssued(message: LeasedMessage<'license.issued'>): Promise<Sent> {
  const issued = await listLicenseNotificationData(database, message.payload.licenseIds);
  const [first] = issued;
  if (!first) return undefined;
  const listed = issued.slice(0, MAX_LISTED_KEYS);
  const licenses = listed.map((license) => ({
    productName: license.productName,
    key: readStoredKey(license) ?? '',
  }));
  const { orderNumber, recipient } = first;
  const moreCount = issued.length - listed.length;
  const content = composeLicensesIssued({ licenses, moreCount, orderNumber, recipient }, links);
  return notify(message, { ...getReferences(recipient), kind: 'license.issued', content });
}
