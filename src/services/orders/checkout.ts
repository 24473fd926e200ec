import { randomUUID } from 'node:crypto';
import { database } from '../../database';
import { AppError, createValidationError } from '../../errors';
import type { ProviderName } from '../../integrations/payments';
import type { Actor } from '../../lib/actor';
import type { Address, BillingAddress } from '../../lib/address';
import { logger } from '../../logger';
import type { CheckoutResult, Idempotency } from '../../models/inventory/types';
import { createReference } from '../../runtime/references';
import { getAddressOf } from '../addresses.service';
import { getHoldAllowance } from '../holds.service';
import { execute, type CommandResult } from '../inventory/execute';
import { presentCheckoutResult } from '../inventory/present-result';
import type { CheckoutCommand } from '../inventory/rules/commands';
import { assertPaymentMethod, payOrder, type PaymentMethod } from '../payments/pay-order';
import { listAlikeUsers } from '../users/verified-users';
import { getOrder, type Order } from './get-orders';
import { readCheckoutCart, type CheckoutTerms } from './read-checkout-cart';

export interface Checkout {
  billingAddress?: BillingAddress;
  /** A saved address. */
  billingAddressId?: number;
  shippingAddress?: Address;
  shippingAddressId?: number;
  shippingOptionId?: number;
  /** Starts the payment at once, if there is anything to pay. */
  paymentMethod?: PaymentMethod;
  /** Pays this much with credits, and the rest by another method. */
  creditsAmount?: string;
  acceptedTerms?: boolean;
  note?: string;
}

type Payment = Awaited<ReturnType<typeof payOrder>>;

export type CheckedOutOrder = Order & { payment: Payment | null };

/** How often a cart that changes while it is checked out is read again. */
const MAX_READS = 5;

interface Addresses {
  billingAddress: BillingAddress | null;
  shippingAddress: Address | null;
}

/** Returns the given addresses or the saved ones. What is shipped goes to the billing address if there is no other. @throws AppError NOT_FOUND */
async function getAddresses({ userId }: Actor, input: Checkout): Promise<Addresses> {
  const find = async (id: number | undefined): Promise<Address | undefined> => {
    if (id === undefined) return undefined;
    const { name, company, line1, line2, city, postalCode, region, country, phone } = await getAddressOf(database, {
      userId,
      id,
    });
    return { name, company, line1, line2, city, postalCode, region, country, phone };
  };
  const [savedBilling, savedShipping] = [await find(input.billingAddressId), await find(input.shippingAddressId)];
  const { phone: _phone, ...saved } = savedBilling ?? { phone: null };
  const billing = input.billingAddress ?? (savedBilling ? ({ ...saved, vatId: null } as BillingAddress) : null);
  const { vatId: _vatId, ...postal } = billing ?? { vatId: null };
  const fallback = billing ? ({ ...postal, phone: savedBilling?.phone ?? null } as Address) : null;
  return { billingAddress: billing, shippingAddress: input.shippingAddress ?? savedShipping ?? fallback };
}

/** Returns the options to choose from. @throws AppError VALIDATION_ERROR if the chosen one does not exist there */
function listShippingOptions({ shippingOptions, row }: CheckoutTerms, id: number | undefined) {
  const options = shippingOptions.filter((option) => id === undefined || option.id === id);
  const isShipped = row.lines.some((line) => line.isShipped);
  if (id !== undefined && isShipped && shippingOptions.length > 0 && options.length === 0)
    throw createValidationError('shippingOptionId', 'does not ship to this country');
  return options;
}

const sortIds = (ids: (number | null)[]): number[] =>
  [...new Set(ids)].filter((id) => id !== null).sort((a, b) => a - b);

async function toCommand(
  actor: Actor,
  input: Checkout,
  { addresses, idempotency }: { addresses: Addresses; idempotency: Idempotency | undefined },
): Promise<CheckoutCommand> {
  const { billingAddress, shippingAddress } = addresses;
  const terms = await readCheckoutCart({
    userId: actor.userId,
    taxCountry: (shippingAddress ?? billingAddress)?.country,
    shippingCountry: shippingAddress?.country,
  });
  const { cart, lines, customer } = terms.row;
  const eventIds = sortIds(lines.map(({ eventId }) => eventId));
  return {
    kind: 'checkout',
    requestId: randomUUID(),
    actor,
    eventIds,
    productIds: sortIds(lines.map(({ productId }) => productId)),
    cart: cart ? { ...cart, lines } : undefined,
    customer,
    reference: createReference(),
    bookings: new Map(eventIds.map((id) => [id, { requestId: randomUUID(), reference: createReference() }])),
    billingAddress,
    // Without goods to send, nobody needs to know where they would go.
    shippingAddress: lines.some(({ isShipped }) => isShipped) ? shippingAddress : null,
    shippingOptions: listShippingOptions(terms, input.shippingOptionId),
    taxRates: terms.taxRates,
    creditsAmount: input.paymentMethod === 'credits' ? 'all' : (input.creditsAmount ?? null),
    note: input.note ?? null,
    hasAcceptedTerms: input.acceptedTerms ?? false,
    alikeUserIds: listAlikeUsers(actor.userId),
    allowance: await getHoldAllowance(actor),
    idempotency,
  };
}

/** Starts the payment of a new order. The order stays valid if the provider fails, because the customer can try to pay again. */
async function beginPayment(actor: Actor, order: Order, paymentMethod: ProviderName): Promise<CheckedOutOrder> {
  if (order.status !== 'pending') return { ...order, payment: null };
  const payment = await payOrder(actor, { orderId: order.id, paymentMethod }).catch((error: Error) => {
    logger.warn({ err: error, orderId: order.id }, 'The payment of a new order could not be started');
    return null;
  });
  return { ...(await getOrder(actor, order.id)), payment };
}

/** Checks the cart out, reading it again if it has changed in the meantime. */
async function executeCheckout(
  actor: Actor,
  input: Checkout,
  context: { addresses: Addresses; idempotency: Idempotency | undefined },
): Promise<CommandResult<Order>> {
  for (let reads = 0; reads < MAX_READS; reads += 1) {
    const { value, isReplay } = await execute(await toCommand(actor, input, context));
    if (value === undefined) continue;
    const order = presentCheckoutResult(value) ?? (await getOrder(actor, (value as CheckoutResult).order.id));
    return { value: order, isReplay };
  }
  throw new AppError('UNAVAILABLE', 'The cart is changing too quickly: try again in a moment.');
}

/**
 * Checks the caller's cart out, all of it or nothing. An order that costs nothing is paid at once; others hold what is in them until
 * they are paid or expire.
 * @throws AppError for the first rule that refuses it, in the order given by the API contract
 */
export async function checkout(
  actor: Actor,
  input: Checkout,
  idempotency: Idempotency | undefined,
): Promise<CommandResult<CheckedOutOrder>> {
  const paymentMethod = input.paymentMethod === 'credits' ? undefined : input.paymentMethod;
  if (paymentMethod) assertPaymentMethod(paymentMethod);
  const addresses = await getAddresses(actor, input);
  const { value: order, isReplay } = await executeCheckout(actor, input, { addresses, idempotency });
  const value = paymentMethod ? await beginPayment(actor, order, paymentMethod) : { ...order, payment: null };
  return { value, isReplay };
}
