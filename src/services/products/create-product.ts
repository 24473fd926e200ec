import { randomBytes } from 'node:crypto';
import type { Trx } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { toSlug } from '../../lib/slugs';
import { insertProduct, type ProductValues } from '../../models/products/products';
import { insertMovement } from '../../models/products/stock';
import { bumpListVersion } from '../../runtime/list-version';
import { recordActivity } from '../audit/record-activity';
import { runOnce } from '../idempotency.service';
import { assertVerifiedEmail } from '../users/accounts';
import { getProduct, type TaggedProduct } from './get-product';
import { assertReferences, completeValues, type ProductInput } from './product-rules';

export interface CreateProduct extends Omit<ProductInput, 'slug'> {
  /** Defaults to one derived from the name. */
  slug?: string;
  /** Null: unlimited. */
  stock: number | null;
}

const NUMBERED_SLUGS = 5;
const SUFFIX_BYTES = 5;

/** What a derived slug may become while others have it: `poster`, `poster-2` …, and then one that nobody has. */
const getCandidates = (base: string): string[] => [
  base,
  ...Array.from({ length: NUMBERED_SLUGS }, (_, index) => `${base}-${index + 2}`),
  `${base}-${randomBytes(SUFFIX_BYTES).toString('hex')}`,
];

const slugTaken = () =>
  new AppError('PRODUCT_EXISTS', undefined, { details: [{ path: 'slug', message: 'slug is already in use' }] });

/** Step: inserts a product. A derived slug that is taken gets a suffix; one that was sent is refused. @throws AppError PRODUCT_EXISTS, NOT_FOUND */
async function insertUnderFreeSlug(
  trx: Trx,
  organizerId: number,
  { slug, ...values }: Omit<ProductValues, 'slug'> & { slug?: string },
): Promise<number> {
  const candidates = slug === undefined ? getCandidates(toSlug(values.name, 'product')) : [slug];
  for (const candidate of candidates) {
    const id = await insertProduct(trx, organizerId, { ...values, slug: candidate });
    if (id !== undefined) return id;
  }
  throw slugTaken();
}

/**
 * Creates a product of the actor, on sale or as a draft.
 * @throws AppError VALIDATION_ERROR, EMAIL_NOT_VERIFIED, NOT_FOUND, FORBIDDEN, PRODUCT_EXISTS
 */
export async function createProduct(actor: Actor, { stock, slug, ...input }: CreateProduct): Promise<TaggedProduct> {
  const { slug: _none, ...values } = completeValues({ ...input, slug: '' });
  const { userId: organizerId } = actor;
  const id = await runOnce(actor, async (trx) => {
    if (values.status === 'active') await assertVerifiedEmail(trx, organizerId);
    await assertReferences(trx, actor, { organizerId, ...values });
    const productId = await insertUnderFreeSlug(trx, organizerId, { ...values, slug });
    if (stock !== null)
      await insertMovement(trx, { productId, delta: stock, reason: 'Initial stock', userId: organizerId });
    const { name, productType, price, currency, status } = values;
    const details = { name, productType, price, currency, status, stock };
    await recordActivity(trx, actor, { action: 'product.create', subjectId: productId, details });
    return productId;
  });
  bumpListVersion();
  return getProduct(actor, id);
}
