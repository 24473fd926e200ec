import { MIN_PASSWORD, findPasswordProblem } from '../lib/passwords';
import type { ChangePassword } from '../services/auth/change-password';
import type { Login, Register } from '../services/auth/register-and-login';
import { Joi, emailAddress, outObject, plainName, spelledAddress } from './common.schemas';
import { tokenKeys } from './sessions.schemas';
import { languageKeys, personName, phone, user } from './users/profile';

// Longer input cannot be a password, only an attempt to keep the server busy.
const MAX_PASSWORD = 1024;
const MAX_TOKEN = 200;

const knownEmail = () => spelledAddress().required();

const password = () => Joi.string().max(MAX_PASSWORD).required();

const newPassword = () =>
  password()
    .min(MIN_PASSWORD)
    .custom((value: string, helpers) => {
      const problem = value.length < MIN_PASSWORD ? undefined : findPasswordProblem(value);
      return problem ? helpers.message({ custom: `{{#label}} ${problem}` }) : value;
    })
    .description('At least 8 characters and at most 72 bytes, and not a common password');

export const registerBody = Joi.object<Register, true>({
  email: emailAddress().required(),
  password: newPassword(),
  firstName: personName(),
  lastName: personName(),
  name: plainName(200).empty('').description('Split into first and last name if those are left out'),
  phone: phone(),
  ...languageKeys,
  role: Joi.string()
    .lowercase()
    .valid('customer', 'organizer')
    .default('customer')
    .description('The role, in upper or lower case'),
});

export const loginBody = Joi.object<Login, true>({ email: knownEmail(), password: password() });

export const signedIn = outObject({ user, ...tokenKeys }).meta({ name: 'SignedIn' });

export const changePasswordBody = Joi.object<ChangePassword, true>({
  currentPassword: password(),
  newPassword: newPassword(),
});

export const verifyEmailBody = Joi.object<{ token: string }, true>({ token: Joi.string().max(MAX_TOKEN).required() });

export const forgotPasswordBody = Joi.object<{ email: string }, true>({ email: knownEmail() });

export const resetPasswordBody = Joi.object<{ token: string; password: string }, true>({
  token: Joi.string().max(MAX_TOKEN).required(),
  password: newPassword(),
});
