// What the form of the checkout says, as the API takes it.
import { NEW } from './address-choice.js';

/** @param {Record<string, string>} form @param {'shipping' | 'billing'} purpose */
function readFields(form, purpose) {
  const names = ['name', 'company', 'line1', 'line2', 'postalCode', 'city', 'region', 'country'];
  const last = purpose === 'shipping' ? 'phone' : 'vatId';
  const given = [...names, last].map((name) => [name, form[`${purpose}.${name}`]?.trim()]);
  return Object.fromEntries(given.filter(([, value]) => value));
}

/** @param {Record<string, string>} form @param {'shipping' | 'billing'} purpose @param {{ id: string }} chosen */
function readAddress(form, purpose, { id }) {
  if (id !== NEW) return { [`${purpose}AddressId`]: Number(id) };
  return { [`${purpose}Address`]: readFields(form, purpose) };
}

/** The address on the invoice is that of the parcel unless there is another. @param {any} shipping */
function toBilling({ shippingAddressId, shippingAddress }) {
  if (shippingAddressId) return { billingAddressId: shippingAddressId };
  const { phone: _phone, ...address } = shippingAddress;
  return { billingAddress: address };
}

/**
 * @param {Record<string, string>} form by the names of its fields
 * @param {{ isShipped: boolean, hasBilling: boolean, shipping: any, billing: any, credits?: string, hasToPay: boolean }} choices
 */
export function readOrder(form, { isShipped, hasBilling, shipping, billing, credits, hasToPay }) {
  const shipped = isShipped ? readAddress(form, 'shipping', shipping) : {};
  const billed = hasBilling ? readAddress(form, 'billing', billing) : isShipped ? toBilling(shipped) : {};
  return {
    ...shipped,
    ...billed,
    ...(isShipped && form.shippingOptionId && { shippingOptionId: Number(form.shippingOptionId) }),
    ...(credits && { creditsAmount: credits }),
    ...(hasToPay && form.paymentMethod && { paymentMethod: form.paymentMethod }),
    ...(form.acceptedTerms && { acceptedTerms: true }),
    ...(form.note?.trim() && { note: form.note.trim() }),
  };
}

/** The new addresses that are to be saved. @param {Record<string, string>} form @param {any} order */
export function readAddressesToSave(form, order) {
  return /** @type {const} */ (['shipping', 'billing']).flatMap((purpose) => {
    const address = order[`${purpose}Address`];
    if (!address || !form[`${purpose}.save`]) return [];
    const { vatId: _vatId, ...saved } = address;
    return [{ ...saved, isDefault: Boolean(form[`${purpose}.isDefault`]) }];
  });
}
