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

// Long enough for an access token, so that sending one by mistake is answered like any invalid refresh token.
const MAX_TOKEN = 4096;

export const refreshBody = Joi.object<{ refreshToken: string }, true>({
  refreshToken: Joi.string().max(MAX_TOKEN).required(),
});

export const tokenKeys = {
  token: outText().description('The access token, sent as `Authorization: Bearer <token>`'),
  refreshToken: outText().description('The refresh token, for one call of **POST /api/auth/refresh**'),
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
