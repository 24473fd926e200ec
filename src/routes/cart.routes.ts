import * as cart from '../controllers/cart.controller';
import { route } from '../http/route';
import {
  addItemBody,
  cart as cartResponse,
  changeCartBody,
  changeItemBody,
  getCartQuery,
  mergeCartBody,
} from '../schemas/cart.schemas';
import { idParams } from '../schemas/common.schemas';

const tag = 'Cart';
const shared = { tag, access: 'public', cartToken: true, status: 200, response: cartResponse } as const;

export const cartRoutes = [
  route({
    ...shared,
    method: 'get',
    path: '/cart',
    id: 'getCart',
    summary: 'Get your cart',
    description:
      'Prices, tax and availability are those of now. `issue` says what keeps a line from being bought. Nothing in a cart is held.',
    query: getCartQuery,
    errors: [],
    handler: cart.get,
  }),
  route({
    ...shared,
    method: 'put',
    path: '/cart',
    id: 'updateCart',
    summary: 'Set or remove the discount code',
    rateLimit: 'bookings',
    body: changeCartBody,
    example: { discountCode: null },
    errors: ['DISCOUNT_INVALID', 'DISCOUNT_EXHAUSTED'],
    handler: cart.update,
  }),
  route({
    ...shared,
    method: 'delete',
    path: '/cart',
    id: 'emptyCart',
    summary: 'Remove everything from your cart',
    errors: [],
    handler: cart.empty,
  }),
  route({
    ...shared,
    method: 'post',
    path: '/cart/items',
    id: 'addCartItem',
    summary: 'Add a product or tickets',
    description:
      'Adding something again adds it up. Signed out, the first item makes a cart and answers with its `cartToken`, which later requests send as `X-Cart-Token`; it is valid for 30 days after the last change. A cart can have tickets of several events, goods, licenses and credits, all in one currency, on at most 100 lines.',
    body: addItemBody,
    example: { ticketTypeId: 1, quantity: 2 },
    errors: ['NOT_FOUND', 'CURRENCY_MISMATCH', 'QUANTITY_LIMIT'],
    handler: cart.add,
  }),
  route({
    ...shared,
    method: 'put',
    path: '/cart/items/:id',
    id: 'changeCartItem',
    summary: 'Change a quantity',
    description: 'With chosen seats, the first ones are kept; add seats with **POST /api/cart/items**.',
    params: idParams(),
    body: changeItemBody,
    example: { quantity: 1 },
    errors: ['NOT_FOUND', 'CURRENCY_MISMATCH', 'QUANTITY_LIMIT'],
    handler: cart.change,
  }),
  route({
    ...shared,
    method: 'delete',
    path: '/cart/items/:id',
    id: 'removeCartItem',
    summary: 'Remove an item',
    params: idParams(),
    errors: ['NOT_FOUND'],
    handler: cart.remove,
  }),
  route({
    tag,
    access: 'user',
    status: 200,
    response: cartResponse,
    method: 'post',
    path: '/cart/merge',
    id: 'mergeCart',
    summary: 'Add up the cart from before you signed in',
    description: 'The cart with the token is added to yours and then gone. What exceeds a limit is left out.',
    body: mergeCartBody,
    example: { cartToken: 'x0sV0Qb3kRkVf3Yv2gKcT1m0u8o7pQwErTyUiOpAsDf' },
    errors: ['NOT_FOUND', 'CURRENCY_MISMATCH', 'QUANTITY_LIMIT'],
    handler: cart.merge,
  }),
];
