import type { Content } from './content';
import type { Links } from './links';
import { describeTime } from './when';

interface Mailed {
  token: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  reader: { locale: string; timezone: string };
}

export function verification({ token, expiresAt, reader }: Mailed, links: Links): Content {
  return {
    title: 'Please confirm your email address',
    paragraphs: [
      'This address was given for an account at Bilten. If it was you, confirm it; if not, you need not do anything.',
    ],
    facts: [
      ['Token', token],
      ['Valid until', describeTime(expiresAt, reader.timezone, reader)],
    ],
    action: { label: 'Confirm my address', url: links.verifyEmail(token) },
  };
}

export function passwordReset({ token, expiresAt, reader }: Mailed, links: Links): Content {
  return {
    title: 'Reset your password',
    paragraphs: [
      'Somebody asked for a new password for your account. If it was not you, ignore this mail: your password stays as it is.',
    ],
    facts: [
      ['Token', token],
      ['Valid until', describeTime(expiresAt, reader.timezone, reader)],
    ],
    action: { label: 'Choose a new password', url: links.resetPassword(token) },
  };
}
