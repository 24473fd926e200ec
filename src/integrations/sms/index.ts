import { config } from '../../config';
import type { SmsDriver } from './driver';
import { localSmsDriver } from './local';
import { twilioDriver } from './twilio';

/** The maximum number of text messages sent concurrently. */
export const SMS_CONNECTIONS = 5;

/** True if text messages can be sent; the files in DATA_DIR do not count in production. */
export function hasSms(): boolean {
  return config.twilioAccountSid !== undefined || !config.isProduction;
}

let driver: SmsDriver | undefined;

/** Returns the Twilio driver if configured, otherwise the driver that writes files in DATA_DIR. */
export function sms(): SmsDriver {
  const { twilioAccountSid: sid, twilioAuthToken: token, twilioFrom: from } = config;
  driver ??= sid && token && from ? twilioDriver({ sid, token, from }) : localSmsDriver();
  return driver;
}
