import { Joi, outMoney, outText } from './common.schemas';

const sums = {
  currency: outText(),
  gross: outMoney().description('Captured from customers'),
  refunded: outMoney().description('Refunded to customers, or taken back by their banks'),
  net: outMoney().description('`gross` less `refunded`'),
};

export const revenueShare = Joi.object(sums).meta({ name: 'RevenueShare' });

export const revenue = Joi.object({
  ...sums,
  tax: outMoney().description('On sales, less the tax on refunds'),
}).meta({ name: 'Revenue' });
