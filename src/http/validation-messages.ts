import joi from 'joi';

const texts = {
  'any.custom': '{{#label}} is not valid',
  'any.invalid': '{{#label}} must not have this value',
  'array.base': '{{#label}} must be a list',
  'array.max': '{{#label}} must have at most {{#limit}} entries',
  'array.min': '{{#label}} must have at least {if(#limit == 1, "one entry", #limit + " entries")}',
  'array.unique': '{{#label}} repeats another entry',
  'number.base': '{{#label}} must be a number',
  'number.infinity': '{{#label}} must be a finite number',
  'number.integer': '{{#label}} must be a whole number',
  'number.max': '{{#label}} must be at most {{#limit}}',
  'number.min': '{{#label}} must be at least {{#limit}}',
  'number.unsafe': '{{#label}} must be a number of at most 15 digits',
  'object.and': '{{#label}} requires {{#missingWithLabels}} too',
  'object.base': '{{#label}} must be an object',
  'object.min': '{{#label}} must have at least {if(#limit == 1, "one field", #limit + " fields")}',
  'object.missing': '{{#label}} requires one of {{#peersWithLabels}}',
  'object.nand': '{{#mainWithLabel}} cannot be combined with {{#peersWithLabels}}',
  'object.oxor': '{{#label}} accepts only one of {{#peersWithLabels}}',
  'object.with': '{{#mainWithLabel}} requires {{#peerWithLabel}} too',
  'object.without': '{{#mainWithLabel}} cannot be combined with {{#peerWithLabel}}',
  'object.xor': '{{#label}} accepts only one of {{#peersWithLabels}}',
  'string.alphanum': '{{#label}} must contain only letters and digits',
  'string.base': '{{#label}} must be text',
  'string.email': '{{#label}} must be an email address, such as ada@example.com',
  'string.empty': '{{#label}} must not be empty',
  'string.isoDate': '{{#label}} must be a valid time with an offset, such as 2030-01-31T20:00:00Z',
  'string.length': '{{#label}} must have {{#limit}} characters',
  'string.max': '{{#label}} must have at most {{#limit}} characters',
  'string.min': '{{#label}} must have at least {if(#limit == 1, "one character", #limit + " characters")}',
  // Every pattern in a request schema has a name that completes this sentence.
  'string.pattern.name': '{{#label}} must be {{#name}}',
  'string.uri': '{{#label}} must be a web address, such as https://bilten.example',
  'string.uriCustomScheme': '{{#label}} must be a web address, such as https://bilten.example',
};

/**
 * Messages that say what a field must be, where Joi's own messages name the rule or repeat the value that was sent.
 * They are compiled once: Joi would compile text messages on every validation, which takes 400 µs.
 */
export const validationMessages = Object.fromEntries(
  Object.entries(texts).map(([code, text]) => [code, joi.expression(text) as string]),
);
