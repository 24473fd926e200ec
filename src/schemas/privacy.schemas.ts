import { Joi, outObject, outTime } from './common.schemas';
import { profile } from './users/profile';

const MAX_PASSWORD = 1000;

export const eraseBody = Joi.object<{ password: string }, true>({
  password: Joi.string().max(MAX_PASSWORD).required().description('Yours, once more'),
});

const personalData = () => Joi.array().items(Joi.object().unknown()).required();

export const accountExport = outObject({
  exportedAt: outTime(),
  account: profile,
  sessions: personalData(),
  tokens: personalData().description('Mailed to confirm the address or reset the password, without what they say'),
  bookings: personalData(),
  tickets: personalData(),
  ticketsReceived: personalData().description('That somebody else has booked'),
  orders: personalData(),
  payments: personalData(),
  refunds: personalData(),
  ledgerEntries: personalData(),
  mailsToStrangers: personalData().description('How many mails to people without an account they caused, by day'),
  abandonedHolds: personalData().description('Tickets held unpaid and given up within the last hour'),
  waitlist: personalData(),
  notifications: personalData(),
  messagesReceived: personalData(),
  messagesSent: personalData(),
  events: personalData(),
  discounts: personalData(),
  files: personalData(),
  idempotencyKeys: personalData(),
}).meta({ name: 'AccountExport' });
