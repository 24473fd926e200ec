import Big from 'big.js';
import type { Trx } from '../../database';
import { createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import type { LicensePolicy, ProductValues } from '../../models/products/products';
import { getManagedEvent } from '../events/event-access';
import { assertAmount } from '../events/event-prices';
import { getOwnFile } from '../files/manage-files';

/** A product as described by a client. */
export interface ProductInput extends Omit<ProductValues, 'licensePolicy'> {
  licensePolicy: Partial<LicensePolicy> | null;
}

const DEFAULT_POLICY: LicensePolicy = { durationDays: null, maxActivations: null, offlineDays: 30, entitlements: [] };

function assertOnlyFor(type: ProductValues['productType'], input: ProductInput, name: keyof ProductInput): void {
  if (input[name] !== null && input.productType !== type)
    throw createValidationError(name, `is only for products of type ${type}`);
}

/** Returns the values to store: a license gets its policy, and a credit product is worth its price unless it says otherwise. @throws AppError VALIDATION_ERROR */
export function completeValues(input: ProductInput): ProductValues {
  const { productType, price, currency, licensePolicy } = input;
  assertOnlyFor('digital', input, 'fileId');
  assertOnlyFor('license', input, 'licensePolicy');
  assertOnlyFor('credit', input, 'creditAmount');
  assertAmount('price', price, currency);
  const creditAmount = productType === 'credit' ? (input.creditAmount ?? price) : null;
  if (creditAmount !== null) {
    assertAmount('creditAmount', creditAmount, currency);
    if (new Big(creditAmount).lte(0)) throw createValidationError('creditAmount', 'must be more than 0');
  }
  if (productType === 'digital' && input.status === 'active' && input.fileId === null)
    throw createValidationError('fileId', 'is required before the product can be sold: it is what is downloaded');
  return {
    ...input,
    creditAmount,
    licensePolicy: productType === 'license' ? { ...DEFAULT_POLICY, ...licensePolicy } : null,
  };
}

interface References {
  organizerId: number;
  eventId?: number | null;
  fileId?: number | null;
}

/** Step: asserts that the event and the file of a product are its organizer's. @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_ERROR */
export async function assertReferences(
  trx: Trx,
  actor: Actor,
  { organizerId, eventId, fileId }: References,
): Promise<void> {
  if (eventId && (await getManagedEvent(trx, actor, eventId)).organizerId !== organizerId)
    throw createValidationError('eventId', 'is not an event of the same organizer');
  // Other files, such as covers, are deleted when they are replaced.
  if (fileId && (await getOwnFile(trx, actor, fileId)).purpose !== 'file')
    throw createValidationError('fileId', 'must be a file that was uploaded to /api/files');
}
