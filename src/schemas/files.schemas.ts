import {
  Joi,
  idParams,
  outCount,
  outCountOrNull,
  outId,
  outList,
  outText,
  outTime,
  outTimeOrNull,
  pagingKeys,
  type Paging,
} from './common.schemas';

export const fileParams = idParams();

export const listFilesQuery = Joi.object<Paging, true>(pagingKeys());

export const file = Joi.object({
  id: outId(),
  url: Joi.string()
    .uri()
    .required()
    .description('A public URL for an image; for a document, a link that is valid for one hour'),
  urlExpiresAt: outTimeOrNull().description(
    'When the link expires; null if it never does and can be cached indefinitely',
  ),
  filename: outText().description('The name of the stored file'),
  originalName: outText().description('The name of the uploaded file'),
  mimetype: outText().description('The media type, detected from the content'),
  size: outCount().description('The size of the file at `url`, in bytes'),
  purpose: Joi.string().valid('file', 'cover', 'logo', 'product').required(),
  width: outCountOrNull().description('The width in pixels'),
  height: outCountOrNull(),
  variants: outList(
    Joi.object({ url: Joi.string().uri().required(), width: outCount(), height: outCount() }).meta({
      name: 'FileVariant',
    }),
  ).description('Narrower versions of an image, narrowest first'),
  createdAt: outTime(),
}).meta({ name: 'File' });
