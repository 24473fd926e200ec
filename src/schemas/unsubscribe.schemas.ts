import { Joi } from './common.schemas';

export const unsubscribeParams = Joi.object<{ token: string }>({
  token: Joi.string().max(200).required().description('What the mail says'),
});
