import type { RouteRequest } from '../http/route';
import {
  addItem,
  changeDiscountCode,
  changeItem,
  emptyCart,
  getCart,
  mergeCart,
  removeItem,
  type AddItem,
} from '../services/cart/change-cart';
import type { CartPreview } from '../services/cart/present-cart';

interface Id {
  id: number;
}

export function get({ actor, cartToken, query }: RouteRequest<'public', unknown, CartPreview>) {
  return getCart({ actor, cartToken }, query);
}

export function update({
  actor,
  cartToken,
  body,
}: RouteRequest<'public', unknown, unknown, { discountCode: string | null }>) {
  return changeDiscountCode({ actor, cartToken }, body.discountCode);
}

export function empty({ actor, cartToken }: RouteRequest<'public'>) {
  return emptyCart({ actor, cartToken });
}

export function add({ actor, cartToken, body }: RouteRequest<'public', unknown, unknown, AddItem>) {
  return addItem({ actor, cartToken }, body);
}

export function change({ actor, cartToken, params, body }: RouteRequest<'public', Id, unknown, { quantity: number }>) {
  return changeItem({ actor, cartToken }, { itemId: params.id, quantity: body.quantity });
}

export function remove({ actor, cartToken, params }: RouteRequest<'public', Id>) {
  return removeItem({ actor, cartToken }, params.id);
}

export function merge({ actor, body }: RouteRequest<'user', unknown, unknown, { cartToken: string }>) {
  return mergeCart(actor, body.cartToken);
}
