import { Joi, outMoney, outText } from './common.schemas';

const amounts = {
  currency: outText(),
  gross: outMoney().description('The amount captured from customers'),
  refunded: outMoney().description('The amount refunded to customers or charged back by their banks'),
  net: outMoney().description('`gross` minus `refunded`'),
};

export const revenueShare = Joi.object(amounts).meta({ name: 'RevenueShare' });

export const revenue = Joi.object({
  ...amounts,
  tax: outMoney().description('The tax on sales minus the tax on refunds'),
}).meta({ name: 'Revenue' });
