import { Joi } from './common.schemas';

// Mail programs send this to unsubscribe with one click (RFC 8058).
export const unsubscribeBody = Joi.object<{ 'List-Unsubscribe'?: string }, true>({
  'List-Unsubscribe': Joi.string().valid('One-Click'),
});

export const unsubscribeParams = Joi.object<{ token: string }, true>({
  token: Joi.string().max(200).required().description('The token from the link in the email'),
});
