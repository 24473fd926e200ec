import { Joi } from './common.schemas';

// What mail programs send for one click (RFC 8058).
export const unsubscribeBody = Joi.object<{ 'List-Unsubscribe'?: string }, true>({
  'List-Unsubscribe': Joi.string().valid('One-Click'),
});

export const unsubscribeParams = Joi.object<{ token: string }, true>({
  token: Joi.string().max(200).required().description('What the mail says'),
});
