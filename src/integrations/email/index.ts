import { config } from '../../config';
import { createCounter } from '../metrics';
import type { EmailDriver } from './driver';
import { mailboxDriver } from './mailbox';
import { smtpDriver } from './smtp';

export type { Mail, MailFile } from './driver';

/** How many may be on their way at once: what waits in the queue can still be overtaken, what waits here can't. */
export const EMAIL_CONNECTIONS = 20;

const countMail = createCounter({
  name: 'bilten_mails_total',
  help: 'Mails handed over, or refused',
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

/** A mail server where one is configured, else the local mailbox. */
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
