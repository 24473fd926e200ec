import { Reply, type RouteRequest } from '../http/route';
import {
  changePassword as change,
  requestPasswordReset,
  resetPassword as reset,
  type ChangePassword,
} from '../services/auth/change-password';
import { login as signIn, register as signUp, type Login, type Register } from '../services/auth/register-and-login';
import { resendVerification as resend, verifyEmail as verify } from '../services/auth/verify-email';

export function register({ body, caller }: RouteRequest<'public', unknown, unknown, Register>) {
  return signUp(body, caller);
}

export function login({ body, caller }: RouteRequest<'public', unknown, unknown, Login>) {
  return signIn(body, caller);
}

export async function changePassword({ actor, caller, body }: RouteRequest<'user', unknown, unknown, ChangePassword>) {
  await change(actor, caller, body);
  return new Reply(null, { message: 'The password was changed, and all other sessions have ended.' });
}

export async function verifyEmail({ body }: RouteRequest<'public', unknown, unknown, { token: string }>) {
  await verify(body.token);
  return new Reply(null, { message: 'The email address is verified.' });
}

export async function resendVerification({ actor }: RouteRequest<'user'>) {
  await resend(actor);
  return new Reply(null, { message: 'If your address is not verified yet, a mail is on its way.' });
}

export async function forgotPassword({ body, caller }: RouteRequest<'public', unknown, unknown, { email: string }>) {
  await requestPasswordReset(body.email, caller);
  return new Reply(null, { message: 'If an account with this address exists, a mail is on its way.' });
}

export async function resetPassword({
  body,
}: RouteRequest<'public', unknown, unknown, { token: string; password: string }>) {
  await reset(body);
  return new Reply(null, { message: 'The password was changed. Sign in with the new password.' });
}
