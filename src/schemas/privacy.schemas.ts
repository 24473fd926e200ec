import { Joi, outObject, outTime } from './common.schemas';
import { profile } from './users.schemas';

const MAX_PASSWORD = 1000;

export const eraseBody = Joi.object<{ password: string }>({
  password: Joi.string().max(MAX_PASSWORD).required().description('Yours, once more'),
});

const held = () => Joi.array().items(Joi.object().unknown()).required();

export const accountExport = outObject({
  exportedAt: outTime(),
  account: profile,
  sessions: held(),
  tokens: held().description('Mailed to confirm the address or reset the password, without what they say'),
  bookings: held(),
  tickets: held(),
  ticketsReceived: held().description('That somebody else has booked'),
  orders: held(),
  payments: held(),
  refunds: held(),
  ledgerEntries: held(),
  mailsToStrangers: held().description('How many mails to people without an account they caused, by day'),
  abandonedHolds: held().description('Tickets held unpaid and given up within the last hour'),
  waitlist: held(),
  notifications: held(),
  messagesReceived: held(),
  messagesSent: held(),
  events: held(),
  discounts: held(),
  files: held(),
  idempotencyKeys: held(),
}).meta({ name: 'AccountExport' });
