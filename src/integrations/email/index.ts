import { config } from '../../config';
import { createCounter } from '../metrics';
import type { EmailDriver } from './driver';
import { mailboxDriver } from './mailbox';
import { smtpDriver } from './smtp';

export type { Mail, MailFile } from './driver';

/** The maximum number of mails sent concurrently. More would wait here, where urgent mail cannot overtake them as it can in the queue. */
export const EMAIL_CONNECTIONS = 20;

const countMail = createCounter({
  name: 'bilten_mails_total',
  help: 'Mails sent and failed',
  labels: ['outcome'],
});

function countMails(inner: EmailDriver): EmailDriver {
  return {
    async send(mail) {
      await inner.send(mail).catch((error: unknown) => {
        countMail('failed');
        throw error;
      });
      countMail('sent');
    },
    close: () => inner.close(),
  };
}

let driver: EmailDriver | undefined;

/** Returns the driver of the configured mail server, otherwise the local mailbox. */
export function email(): EmailDriver {
  driver ??= countMails(
    config.mailDriver === 'smtp' && config.smtpUrl ? smtpDriver(config.smtpUrl, EMAIL_CONNECTIONS) : mailboxDriver(),
  );
  return driver;
}

export async function closeEmail(): Promise<void> {
  await driver?.close();
  driver = undefined;
}
