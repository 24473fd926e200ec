import { categorySummary } from '../categories.schemas';
import {
  Joi,
  outCount,
  outCountOrNull,
  outFlag,
  outId,
  outIdOrNull,
  outList,
  outMoney,
  outMoneyOrNull,
  outObject,
  outText,
  outTextOrNull,
  outTime,
  PRODUCT_STATUSES,
  PRODUCT_TYPES,
} from '../common.schemas';

const imageKeys = {
  id: outId(),
  url: outText().description(
    'The widest version; with `-320`, `-640` or `-1280` before the file extension it is at most that wide',
  ),
  altText: outTextOrNull(),
  position: outCount(),
};

export const productImage = Joi.object({ ...imageKeys, productId: outId() }).meta({ name: 'ProductImage' });

export const product = Joi.object({
  id: outId(),
  sku: outTextOrNull(),
  name: outText(),
  slug: outText(),
  description: outTextOrNull(),
  productType: Joi.string()
    .valid(...PRODUCT_TYPES)
    .required(),
  categoryId: outIdOrNull(),
  category: categorySummary.allow(null),
  eventId: outIdOrNull(),
  organizerId: outId(),
  price: outMoney(),
  currency: outText(),
  taxRate: Joi.number().allow(null).required(),
  taxInclusive: outFlag(),
  stock: outCountOrNull().description('All units that came in, including those sold and held since; null if unlimited'),
  availableStock: outCountOrNull().description('The units that can be bought now; null if unlimited'),
  maxPerOrder: outCountOrNull(),
  weightGrams: outCountOrNull(),
  fileId: outIdOrNull().description('The download of a digital product; shown to its organizer only'),
  licensePolicy: outObject({
    durationDays: outCountOrNull(),
    maxActivations: outCountOrNull(),
    offlineDays: outCount(),
    entitlements: outList(Joi.string()),
  }).allow(null),
  creditAmount: outMoneyOrNull().description('What a credit product is worth; null for other types'),
  images: outList(Joi.object(imageKeys)),
  status: Joi.string()
    .valid(...PRODUCT_STATUSES)
    .required(),
  viewsCount: outCount().description('Views, each viewer counted once in half an hour'),
  createdAt: outTime(),
  updatedAt: outTime(),
}).meta({ name: 'Product' });

export const stockMovement = Joi.object({
  id: outId(),
  delta: outCount().description('How many units came in, or went out if negative'),
  stock: outCountOrNull().description('The stock afterwards; null if unlimited'),
  reason: outText(),
  user: outObject({ id: outId(), firstName: outTextOrNull(), lastName: outTextOrNull() })
    .allow(null)
    .description('Who moved the stock; null if the program did'),
  createdAt: outTime(),
}).meta({ name: 'StockMovement' });
