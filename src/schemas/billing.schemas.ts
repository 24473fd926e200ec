import type { BillingProfile } from '../services/billing.service';
import { Joi, outObject, outTextOrNull } from './common.schemas';

const MAX_LINES = 8;

/** Text of one line; an empty one is none. */
const line = (max: number) =>
  Joi.string()
    .trim()
    .max(max)
    .pattern(/^\P{Cc}*$/u, 'text of one line')
    .allow('', null);

export const updateBillingBody = Joi.object<Partial<BillingProfile>>({
  name: line(200).description('Of the company or person that sells'),
  address: Joi.string()
    .trim()
    .max(500)
    // Line feeds are the only control characters in an address.
    .pattern(/^(?:\P{Cc}|\r?\n)*$/u, 'postal address')
    .custom((value: string, helpers) => {
      const lines = value.split(/\r?\n/).map((each) => each.trim());
      return lines.length <= MAX_LINES
        ? lines.join('\n')
        : helpers.message({ custom: `{{#label}} must have at most ${MAX_LINES} lines` });
    })
    .allow('', null)
    .description(`Postal address, at most ${MAX_LINES} lines`),
  vatId: Joi.string()
    .trim()
    .uppercase()
    .max(30)
    .pattern(/^[A-Z0-9][A-Z0-9 ./-]{2,}$/, 'VAT id')
    .allow('', null)
    .description('VAT or tax id, such as ATU12345678'),
  email: Joi.string()
    .trim()
    .lowercase()
    .email({ tlds: { allow: false } })
    .max(254)
    .allow('', null)
    .description('Where customers ask about an invoice'),
});

export const billing = outObject({
  name: outTextOrNull(),
  address: outTextOrNull().description('Postal address, with line feeds'),
  vatId: outTextOrNull().description('VAT or tax id'),
  email: outTextOrNull(),
}).meta({ name: 'Billing' });
