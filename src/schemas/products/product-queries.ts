import type { AlternativesSchema } from 'joi';
import { INT4_MAX } from '../../lib/ids';
import { SLUG } from '../../lib/slugs';
import type { ListAllProducts, ListProducts } from '../../services/products/list-products';
import { id, Joi, money, pagingKeys, PRODUCT_STATUSES, PRODUCT_TYPES } from '../common.schemas';

const PATH_RULE = '{{#label}} must be the id or the slug of a product';

/** A product in a path: a number is an id, anything else a slug. */
export const productParams = Joi.object<{ id: number | string }, true>({
  id: Joi.string()
    .max(200)
    .required()
    .custom((value: string, helpers) => {
      if (SLUG.test(value)) return value;
      const isId = /^[1-9]\d{0,9}$/.test(value) && Number(value) <= INT4_MAX;
      return isId ? Number(value) : helpers.message({ custom: PATH_RULE });
    })
    .example('1')
    .description('The id or the slug of the product') as unknown as AlternativesSchema<number | string>,
});

export const imageParams = Joi.object<{ id: number; imageId: number }, true>({
  id: id().required(),
  imageId: id().required(),
});

const listKeys = {
  ...pagingKeys(),
  category: Joi.string()
    .trim()
    .max(100)
    .empty('')
    .description('The slug of a category; products in the categories below it are listed too'),
  search: Joi.string()
    .trim()
    .max(200)
    .allow('')
    .description(
      'Words in the name, SKU and description, regardless of case and accents; the last one may be incomplete',
    ),
  minPrice: money().description('The lowest price'),
  maxPrice: money().description('The highest price'),
  productType: Joi.string().valid(...PRODUCT_TYPES),
  available: Joi.boolean().description('`true` for products that are in stock; `false` for all others'),
  eventId: id(),
  organizerId: id(),
  sort: Joi.string()
    .valid('createdAt', 'price', 'name', 'popularity')
    .description('Defaults to relevance with `search`, and to `createdAt` without'),
  order: Joi.string()
    .valid('asc', 'desc')
    .description('Defaults to `asc`, or to `desc` for `createdAt` and `popularity`'),
};

const status = () => Joi.string().valid(...PRODUCT_STATUSES);

export const listProductsQuery = Joi.object<ListProducts, true>({
  ...listKeys,
  mine: Joi.boolean().description('Only your own products, in every status'),
  status: status().description('A status; requires `mine`'),
});

export const listAllProductsQuery = Joi.object<ListAllProducts, true>({ ...listKeys, status: status() });

export const listMovementsQuery = Joi.object<{ page: number; limit: number }, true>(pagingKeys());
