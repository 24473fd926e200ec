import { SLUG } from '../lib/slugs';
import type { CreateCategory, UpdateCategory } from '../services/categories/manage-categories';
import {
  id,
  INT4_MAX,
  Joi,
  outCount,
  outId,
  outIdOrNull,
  outObject,
  outText,
  outTextOrNull,
  plainName,
} from './common.schemas';

/** A part of an address, such as `t-shirts`. */
export const slug = (max: number) =>
  Joi.string()
    .trim()
    .max(max)
    .pattern(SLUG, 'words of letters and digits, joined by hyphens, and no number')
    .description('Words of letters and digits, joined by hyphens; unique regardless of case');

/** Stores an empty description for null. */
export const emptyDescription = <T extends { description?: string | null }>(body: T): T =>
  body.description === null ? { ...body, description: '' } : body;

const fields = {
  name: plainName(100).min(1),
  slug: slug(100),
  description: Joi.string().trim().max(5000).allow('', null),
  parentId: id().allow(null).description('The category above it; null for none'),
  position: Joi.number().integer().min(0).max(INT4_MAX).description('The place among its siblings, in ascending order'),
};

export const createCategoryBody = Joi.object<CreateCategory, true>({
  ...fields,
  name: fields.name.required(),
  slug: fields.slug.description('Defaults to one derived from the name; unique regardless of case'),
  description: fields.description.default(''),
  parentId: fields.parentId.default(null),
  position: fields.position.description('The place among its siblings; defaults to the last one'),
}).custom(emptyDescription);

export const updateCategoryBody = Joi.object<UpdateCategory, true>(fields).min(1).custom(emptyDescription);

export const category = Joi.object({
  id: outId(),
  name: outText(),
  slug: outText(),
  description: outTextOrNull(),
  parentId: outIdOrNull(),
  position: outCount(),
  productsCount: outCount().description('The number of listed products in the category and in those below it'),
}).meta({ name: 'Category' });

export const categorySummary = outObject({ id: outId(), name: outText(), slug: outText() });
