import { Joi, outObject, outTime } from './common.schemas';
import { profile } from './users/profile';

const MAX_PASSWORD = 1000;

export const eraseBody = Joi.object<{ password: string }, true>({
  password: Joi.string().max(MAX_PASSWORD).required().description('Your password, to confirm'),
});

const personalData = () => Joi.array().items(Joi.object().unknown()).required();

export const accountExport = outObject({
  exportedAt: outTime(),
  account: profile,
  sessions: personalData(),
  tokens: personalData().description(
    'Tokens mailed to verify the email address or reset the password, without their values',
  ),
  bookings: personalData(),
  tickets: personalData(),
  ticketsReceived: personalData().description('Tickets that somebody else booked'),
  orders: personalData(),
  payments: personalData(),
  refunds: personalData(),
  ledgerEntries: personalData(),
  mailsToStrangers: personalData().description(
    'The number of emails to people without an account that you caused, by day',
  ),
  abandonedHolds: personalData().description('Unpaid tickets that you held and gave up within the last hour'),
  waitlist: personalData(),
  notifications: personalData(),
  messagesReceived: personalData(),
  messagesSent: personalData(),
  events: personalData(),
  discounts: personalData(),
  files: personalData(),
  idempotencyKeys: personalData(),
}).meta({ name: 'AccountExport' });
