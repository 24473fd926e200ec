import { Joi } from './common.schemas';

export const bookingLinkParams = Joi.object<{ token: string }, true>({
  token: Joi.string().max(200).required().description('The token from the link in the email'),
});
