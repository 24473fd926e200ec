import type { CreateProduct } from '../../services/products/create-product';
import type { MoveStock } from '../../services/products/move-stock';
import type { ChangeImage } from '../../services/products/product-images';
import type { UpdateProduct } from '../../services/products/update-product';
import { emptyDescription, slug } from '../categories.schemas';
import { id, INT4_MAX, Joi, money, plainLine, plainName, PRODUCT_STATUSES, PRODUCT_TYPES } from '../common.schemas';
import { checkCurrency } from '../events/event-bodies';

const DAYS_PER_CENTURY = 36_525;
/** A text field of a form takes 1 KB, and a character up to 4 bytes. */
const MAX_ALT_TEXT = 250;

const countOrNull = (max = INT4_MAX) => Joi.number().integer().min(1).max(max).allow(null);

const licensePolicy = Joi.object({
  durationDays: countOrNull(DAYS_PER_CENTURY).description('Days until a license expires; null for never'),
  maxActivations: countOrNull(1_000_000).description('How many devices may use it; null if unlimited'),
  offlineDays: Joi.number()
    .integer()
    .min(1)
    .max(DAYS_PER_CENTURY)
    .description('Days for which a certificate is valid without a connection'),
  entitlements: Joi.array().items(plainLine(100).min(1)).max(50).unique().description('What the license allows'),
});

const fields = {
  sku: plainLine(64)
    .min(1)
    .allow(null)
    .description('A stock keeping unit; unique among your products, regardless of case'),
  name: plainName(200).min(1),
  slug: slug(200),
  description: Joi.string().trim().max(20_000).allow('', null),
  productType: Joi.string().valid(...PRODUCT_TYPES),
  categoryId: id().allow(null),
  eventId: id().allow(null).description('One of your events that the product belongs to'),
  price: money(),
  currency: Joi.string().uppercase().length(3).custom(checkCurrency).description('An ISO 4217 code'),
  taxRate: Joi.number()
    .min(0)
    .max(100)
    .precision(3)
    .allow(null)
    .description('The tax rate in percent, where no other applies; null for the default of this installation'),
  taxInclusive: Joi.boolean().description('Whether the price includes the tax'),
  stock: Joi.number()
    .integer()
    .min(0)
    .max(INT4_MAX)
    .allow(null)
    .description('All units that came in, including those sold and held since; null if unlimited'),
  maxPerOrder: countOrNull().description('The most units that one order may have; null if unlimited'),
  weightGrams: Joi.number().integer().min(0).max(INT4_MAX).allow(null),
  fileId: id()
    .allow(null)
    .description('A file of yours: the download of a digital product. Required before it can be sold'),
  licensePolicy: licensePolicy
    .allow(null)
    .description('What a license allows; by default it never expires and works on any number of devices'),
  creditAmount: money()
    .allow(null)
    .description('What a credit product is worth, in its currency. Defaults to its price'),
  status: Joi.string().valid(...PRODUCT_STATUSES),
};

export const createProductBody = Joi.object<CreateProduct, true>({
  ...fields,
  sku: fields.sku.default(null),
  name: fields.name.required(),
  slug: fields.slug.description('Defaults to one derived from the name; unique regardless of case'),
  description: fields.description.default(''),
  productType: fields.productType.default('physical'),
  categoryId: fields.categoryId.default(null),
  eventId: fields.eventId.default(null),
  price: fields.price.required(),
  currency: fields.currency.default('USD'),
  taxRate: fields.taxRate.default(null),
  taxInclusive: fields.taxInclusive.default(true),
  stock: fields.stock.default(null),
  maxPerOrder: fields.maxPerOrder.default(null),
  weightGrams: fields.weightGrams.default(null),
  fileId: fields.fileId.default(null),
  licensePolicy: fields.licensePolicy.default(null),
  creditAmount: fields.creditAmount.default(null),
  status: Joi.string().valid('draft', 'active').default('active'),
})
  .custom(emptyDescription)
  .description('Requires `name` and `price`');

export const updateProductBody = Joi.object<UpdateProduct, true>(fields)
  .min(1)
  .custom(emptyDescription)
  .description('Any subset of the fields; those left out keep their value');

export const moveStockBody = Joi.object<Omit<MoveStock, 'productId'>, true>({
  delta: Joi.number()
    .integer()
    .min(-INT4_MAX)
    .max(INT4_MAX)
    .invalid(0)
    .required()
    .description('How many units come in, or go out if negative'),
  reason: plainLine(200).min(1).required(),
});

const altText = plainLine(MAX_ALT_TEXT).allow('').description('What the image shows, for people who do not see it');

export const imageFields = Joi.object<{ altText: string }, true>({ altText: altText.default('') });

export const updateImageBody = Joi.object<ChangeImage, true>({
  altText,
  position: Joi.number().integer().min(0).max(INT4_MAX).description('Images are shown in ascending order'),
}).min(1);
