import { config } from '../../config';
import { database, type Db } from '../../database';
import { AppError } from '../../errors';
import type { CartLine } from '../../lib/cart/cart-lines';
import { priceCart } from '../../lib/cart/price-cart';
import type { TaxPlace } from '../../lib/money/taxes';
import { findDefaultAddress } from '../addresses.service';
import { getCartDiscount } from '../discounts/find-cart-discount';
import { getPublicUrlOrNull } from '../files/file-urls';
import { getShippingOptionsTo } from '../store/shipping-options';
import { getTaxRatesOf } from '../store/tax-rates';
import { listCartLines } from '../../models/cart/cart-lines';
import { findCart, type CartOwner } from '../../models/cart/carts';
import { getCartCurrency } from '../../lib/cart/cart-lines';

/** What to price a cart for; by default, the caller's default address and the cheapest shipping. */
export interface CartPreview {
  country?: string;
  region?: string;
  shippingOptionId?: number;
}

/** Read: returns the discount of a code; undefined if it cannot be used now. */
async function findDiscount(db: Db, code: string | null, lines: CartLine[], userId: number | undefined) {
  const currency = getCartCurrency(lines);
  if (code === null || currency === null) return undefined;
  return getCartDiscount(db, { code, items: lines, currency, userId }).catch((error: unknown) => {
    if (error instanceof AppError && error.code.startsWith('DISCOUNT_')) return undefined;
    throw error;
  });
}

async function findPlace(
  db: Db,
  owner: CartOwner | undefined,
  { country, region }: CartPreview,
): Promise<TaxPlace | undefined> {
  if (country !== undefined) return { country, region: region || null };
  return owner && 'userId' in owner ? findDefaultAddress(db, owner.userId) : undefined;
}

function presentItem({ line, issue, unitPrice, total }: ReturnType<typeof priceCart>['items'][number]) {
  const { id, productId, ticketTypeId, eventId, name, imageKey, quantity, seatIds, seats } = line;
  return {
    id,
    kind: productId === null ? 'ticket' : 'product',
    productId,
    ticketTypeId,
    eventId,
    productType: line.productType,
    weightGrams: line.weightGrams,
    name,
    imageUrl: getPublicUrlOrNull(imageKey),
    unitPrice,
    quantity,
    seatIds: seatIds ?? [],
    seats,
    total,
    issue,
  };
}

/** Returns a cart with the prices, the tax and the availability of now. Somebody who has none gets an empty one. */
export async function presentCart(owner: CartOwner | undefined, preview: CartPreview = {}) {
  const cart = owner && (await findCart(database, owner));
  const lines = cart ? await listCartLines(database, cart.id) : [];
  const userId = owner && 'userId' in owner ? owner.userId : undefined;
  const hasProducts = lines.some(({ productId }) => productId !== null);
  const [place, discount] = await Promise.all([
    hasProducts ? findPlace(database, owner, preview) : undefined,
    findDiscount(database, cart?.discountCode ?? null, lines, userId),
  ]);
  const [taxRates, offered] = place
    ? await Promise.all([getTaxRatesOf(database, place.country), getShippingOptionsTo(database, place.country)])
    : [[], []];
  const { items, ...price } = priceCart(lines, {
    place,
    taxRates,
    storeTaxRate: String(config.storeTaxRate),
    discount,
    shippingOptions: offered,
    chosenOption: offered.find(({ id }) => id === preview.shippingOptionId),
  });
  return {
    id: cart?.id ?? null,
    items: items.map(presentItem),
    discountCode: cart?.discountCode ?? null,
    ...price,
    updatedAt: cart?.updatedAt ?? null,
  };
}

export type Cart = Awaited<ReturnType<typeof presentCart>>;
