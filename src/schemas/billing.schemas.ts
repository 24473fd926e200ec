import type { BillingProfile } from '../services/billing.service';
import { findNameProblem } from '../lib/text/names';
import { Joi, emailAddress, outObject, outTextOrNull, plainName } from './common.schemas';

const MAX_LINES = 8;

export const vatId = () =>
  Joi.string()
    .trim()
    .uppercase()
    .max(30)
    .pattern(/^[A-Z0-9][A-Z0-9 ./-]{2,}$/, 'a VAT id')
    .custom((value: string, helpers) => {
      // Numbers with dots are tax ids in many places, such as 01.234.567.8-901.000.
      const problem = /[A-Z]/.test(value) ? findNameProblem(value) : undefined;
      return problem ? helpers.message({ custom: `{{#label}} ${problem}` }) : value;
    })
    .allow('', null)
    .description('The VAT or tax id, such as ATU12345678');

export const updateBillingBody = Joi.object<Partial<BillingProfile>, true>({
  name: plainName(200).allow('', null).description('The name of the company or person that sells'),
  address: Joi.string()
    .trim()
    .max(500)
    // Line feeds are the only control characters in an address.
    .pattern(/^(?:\P{Cc}|\r?\n)*$/u, 'a postal address')
    .custom((value: string, helpers) => {
      const lines = value.split(/\r?\n/).map((each) => each.trim());
      if (lines.length > MAX_LINES)
        return helpers.message({ custom: `{{#label}} must have at most ${MAX_LINES} lines` });
      const problem = lines.map(findNameProblem).find(Boolean);
      return problem ? helpers.message({ custom: `{{#label}} ${problem}` }) : lines.join('\n');
    })
    .allow('', null)
    .description(`The postal address, in at most ${MAX_LINES} lines`),
  vatId: vatId(),
  email: emailAddress().allow('', null).description('The email address for questions about an invoice'),
});

export const billing = outObject({
  name: outTextOrNull(),
  address: outTextOrNull().description('The postal address, with line feeds'),
  vatId: outTextOrNull().description('The VAT or tax id'),
  email: outTextOrNull(),
}).meta({ name: 'Billing' });
