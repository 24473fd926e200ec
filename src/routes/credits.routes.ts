import * as credits from '../controllers/credits.controller';
import { route } from '../http/route';
import { Joi, idParams } from '../schemas/common.schemas';
import {
  creditBalance,
  creditEntry,
  grantCreditsBody,
  listEntriesQuery,
  purchaseCreditsBody,
} from '../schemas/credits.schemas';
import { checkedOutOrder } from '../schemas/payments.schemas';

const tag = 'Credits';

export const creditsRoutes = [
  route({
    method: 'get',
    path: '/credits',
    id: 'listCredits',
    tag,
    summary: 'List your credits by currency',
    access: 'user',
    status: 200,
    response: Joi.array().items(creditBalance),
    errors: [],
    handler: credits.list,
  }),
  route({
    method: 'get',
    path: '/credits/entries',
    id: 'listEntries',
    tag,
    summary: 'List what has changed your credits, newest first',
    access: 'user',
    query: listEntriesQuery,
    status: 200,
    response: creditEntry,
    list: true,
    errors: [],
    handler: credits.entries,
  }),
  route({
    method: 'post',
    path: '/credits/purchase',
    id: 'orderCredits',
    tag,
    summary: 'Buy credits',
    description:
      'Orders any amount of credits and starts the payment. They can be spent once the order is paid, and never expire. Credits cannot be bought with credits.',
    access: 'user',
    rateLimit: 'bookings',
    idempotent: 'stored',
    body: purchaseCreditsBody,
    example: { amount: '25.00', currency: 'EUR', paymentMethod: 'sandbox' },
    status: 201,
    location: '/orders/:id',
    response: checkedOutOrder,
    errors: ['CREDITS_NOT_ALLOWED', 'PAYMENT_FAILED', 'ORDER_NOT_PAYABLE', 'BOOKING_EXPIRED', 'ALREADY_CANCELLED'],
    handler: credits.purchase,
  }),
  route({
    method: 'get',
    path: '/admin/users/:id/credits',
    id: 'listUserCredits',
    tag,
    summary: 'List the credits of a user by currency',
    access: 'admin',
    params: idParams(),
    status: 200,
    response: Joi.array().items(creditBalance),
    errors: ['NOT_FOUND'],
    handler: credits.ofUser,
  }),
  route({
    method: 'post',
    path: '/admin/users/:id/credits',
    id: 'grantCredits',
    tag,
    summary: 'Give credits to a user, or take them back',
    description:
      'A negative amount takes back, never more than there is. What was given is spent before what was bought, and what expires first before the rest.',
    access: 'admin',
    idempotent: 'stored',
    careful: true,
    params: idParams(),
    body: grantCreditsBody,
    example: { amount: '10.00', currency: 'EUR', reason: 'The second act was cut short' },
    status: 201,
    location: '/admin/users/:userId/credits',
    response: creditEntry,
    errors: ['NOT_FOUND', 'INSUFFICIENT_CREDITS'],
    handler: credits.grant,
  }),
];
