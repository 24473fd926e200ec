import {
  Joi,
  idParams,
  outFlag,
  outId,
  outObject,
  outText,
  outTextOrNull,
  outTime,
  pagingKeys,
  type Paging,
} from './common.schemas';

// Anything that is no refresh token, an access token too, is refused as one that does not count.
const MAX_TOKEN = 4096;

export const refreshBody = Joi.object<{ refreshToken: string }, true>({
  refreshToken: Joi.string().max(MAX_TOKEN).required(),
});

export const tokenKeys = {
  token: outText().description('Access token: send it as `Authorization: Bearer <token>`'),
  refreshToken: outText().description('For one POST /auth/refresh'),
};

export const tokenPair = outObject(tokenKeys).meta({ name: 'TokenPair' });

export const listSessionsQuery = Joi.object<Paging, true>(pagingKeys());
export const sessionParams = idParams();

export const session = outObject({
  id: outId(),
  ip: outText(),
  userAgent: outTextOrNull(),
  createdAt: outTime(),
  lastUsedAt: outTime(),
  isCurrent: outFlag(),
}).meta({ name: 'Session' });
