import { MAX_QUANTITY } from '../lib/cart/cart-lines';
import type { AddItem } from '../services/cart/change-cart';
import type { CartPreview } from '../services/cart/present-cart';
import { countryCode } from './addresses.schemas';
import { discountCode } from './bookings.schemas';
import {
  Joi,
  id,
  outCount,
  outCountOrNull,
  outId,
  outIdOrNull,
  outList,
  outMoney,
  outText,
  outTextOrNull,
  outTimeOrNull,
  plainName,
  PRODUCT_TYPES,
} from './common.schemas';
import { seat } from './tickets.schemas';

const quantity = () => Joi.number().integer().min(1).max(MAX_QUANTITY);

const TOKEN_LENGTH = 43;

export const getCartQuery = Joi.object<CartPreview, true>({
  country: countryCode().description('Where to ship to; by default, your default address'),
  region: plainName(200).allow('').description('The state or province, for the tax'),
  shippingOptionId: id().description('The shipping option; by default, the cheapest'),
});

export const addItemBody = Joi.object<AddItem, true>({
  productId: id().description('The id of the product'),
  ticketTypeId: id().description('The id of the ticket type'),
  quantity: quantity().description('Defaults to the number of seats, or 1'),
  seatIds: Joi.array()
    .items(id())
    .min(1)
    .max(MAX_QUANTITY)
    .unique()
    .description('The ids of seats from **GET /api/events/{id}/seats**; without them, the best are chosen at checkout'),
})
  .xor('productId', 'ticketTypeId')
  .with('seatIds', 'ticketTypeId')
  .description('Send either `productId` or `ticketTypeId`');

export const changeItemBody = Joi.object<{ quantity: number }, true>({
  quantity: Joi.number()
    .integer()
    .min(0)
    .max(MAX_QUANTITY)
    .required()
    .description('The number of units; 0 removes the item'),
});

export const changeCartBody = Joi.object<{ discountCode: string | null }, true>({
  discountCode: discountCode()
    .allow(null)
    .required()
    .description('A discount code in upper or lower case; null for none'),
});

export const mergeCartBody = Joi.object<{ cartToken: string }, true>({
  cartToken: Joi.string()
    .length(TOKEN_LENGTH)
    .required()
    .description('The token that the first item added signed out was answered with'),
});

const cartItem = Joi.object({
  id: outId(),
  kind: Joi.string().valid('product', 'ticket').required(),
  productId: outIdOrNull().description('The id of the product; null for tickets'),
  ticketTypeId: outIdOrNull().description('The id of the ticket type; null for products'),
  eventId: outIdOrNull().description('The event of the tickets, or the one that the product belongs to'),
  productType: Joi.string()
    .valid(...PRODUCT_TYPES)
    .allow(null)
    .required()
    .description('Null for tickets. Only `physical` products are shipped'),
  weightGrams: outCountOrNull().description('The weight of one'),
  name: outText(),
  imageUrl: outTextOrNull().description('The first image of the product, or the cover of the event'),
  unitPrice: outMoney().description('The price of one as of now'),
  quantity: outCount(),
  seatIds: outList(Joi.number().integer()).description('The ids of the chosen seats'),
  seats: outList(seat).description('The chosen seats'),
  total: outMoney().description('What the line costs after the discount, with the tax; 0 if it is unavailable'),
  issue: Joi.string()
    .valid('OUT_OF_STOCK', 'PRICE_CHANGED', 'SALES_CLOSED', 'UNAVAILABLE')
    .allow(null)
    .required()
    .description(
      'What keeps the line from being bought as it is. `PRICE_CHANGED`: it can be bought, but the price is not the one when the line was last changed',
    ),
}).meta({ name: 'CartItem' });

export const cart = Joi.object({
  id: outIdOrNull().description('Null until something is added'),
  currency: outTextOrNull().description('Null if the cart is empty'),
  items: outList(cartItem),
  discountCode: outTextOrNull().description('The discount code; null if there is none'),
  subtotal: outMoney(),
  discount: outMoney().description('What the code takes off; 0 if it cannot be used now'),
  shippingTotal: outMoney().description('0 if nothing is shipped, or it is not known where to'),
  tax: outMoney().description('The tax, included in the prices or added to them'),
  total: outMoney().description('What would be paid now'),
  updatedAt: outTimeOrNull(),
  cartToken: outTextOrNull().description(
    'The token of a cart that was just made signed out, to send as `X-Cart-Token`; it is not shown again',
  ),
}).meta({ name: 'Cart' });
