import { config } from '../../config';
import type { SmsDriver } from './driver';
import { localSmsDriver } from './local';
import { twilioDriver } from './twilio';

/** How many may be on their way at once. */
export const SMS_CONNECTIONS = 5;

/** Whether there is a way to send any: in production files under DATA_DIR are none. */
export function hasSms(): boolean {
  return config.twilioAccountSid !== undefined || !config.isProduction;
}

let driver: SmsDriver | undefined;

/** Twilio where it is configured, else files under DATA_DIR. */
export function sms(): SmsDriver {
  const { twilioAccountSid: sid, twilioAuthToken: token, twilioFrom: from } = config;
  driver ??= sid && token && from ? twilioDriver({ sid, token, from }) : localSmsDriver();
  return driver;
}
