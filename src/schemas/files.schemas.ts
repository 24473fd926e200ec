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
  url: Joi.string().uri().required().description('Public for an image; of a document a link that counts for an hour'),
  urlExpiresAt: outTimeOrNull().description('Null where it does not: then it may be cached for ever'),
  filename: outText().description('What it is called here'),
  originalName: outText().description('What its sender called it'),
  mimetype: outText().description('By its bytes'),
  size: outCount().description('Bytes at `url`'),
  purpose: Joi.string().valid('file', 'cover', 'logo').required(),
  width: outCountOrNull().description('Pixels'),
  height: outCountOrNull(),
  variants: outList(
    Joi.object({ url: Joi.string().uri().required(), width: outCount(), height: outCount() }).meta({
      name: 'FileVariant',
    }),
  ).description('An image in narrower widths, the narrowest first'),
  createdAt: outTime(),
}).meta({ name: 'File' });
