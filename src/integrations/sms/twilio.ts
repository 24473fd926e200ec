import { setTimeout as sleep } from 'node:timers/promises';
import { config } from '../../config';
import { logger } from '../../logger';
import type { SmsDriver } from './driver';

const TIMEOUT_MS = 10_000;
const MAX_WAIT_SECONDS = 5;
const MAX_ATTEMPTS = 3;

// https://www.twilio.com/docs/api/errors: the number is invalid or unreachable, or its owner replied STOP.
const PERMANENT_ERRORS = new Set([21211, 21214, 21217, 21408, 21610, 21612, 21614]);

interface TwilioError {
  code?: number;
  message?: string;
}

/** Twilio's REST API: https://www.twilio.com/docs/messaging/api/message-resource */
export function twilioDriver({ sid, token, from }: { sid: string; token: string; from: string }): SmsDriver {
  const url = `${config.twilioBaseUrl.replace(/\/+$/, '')}/2010-04-01/Accounts/${encodeURIComponent(sid)}/Messages.json`;
  const authorization = `Basic ${Buffer.from(`${sid}:${token}`).toString('base64')}`;
  // A messaging service selects the sender number itself.
  const sender: Record<string, string> = from.startsWith('MG') ? { MessagingServiceSid: from } : { From: from };

  function post(to: string, body: string): Promise<Response> {
    return fetch(url, {
      method: 'POST',
      headers: { Authorization: authorization, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ...sender, To: to, Body: body }).toString(),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      // Redirects must not carry the credentials to another host.
      redirect: 'error',
    });
  }

  return {
    async send({ to, body }) {
      for (let tries = 1; ; tries += 1) {
        const response = await post(to, body);
        if (response.ok) {
          await response.body?.cancel();
          return true;
        }
        const { code, message } = (await response.json().catch(() => ({}))) as TwilioError;
        if (code !== undefined && PERMANENT_ERRORS.has(code)) {
          logger.info({ code }, 'A text message cannot be delivered');
          return false;
        }
        const waitSeconds = Number(response.headers.get('Retry-After') ?? 1);
        // The message was not accepted, so a retry sends no duplicate; longer waits are left to the queue.
        if (response.status !== 429 || tries === MAX_ATTEMPTS || !(waitSeconds <= MAX_WAIT_SECONDS))
          throw new Error(`Twilio answered ${response.status}: ${code ?? ''} ${message ?? ''}`.trim());
        await sleep(waitSeconds * 1000);
      }
    },
  };
}
