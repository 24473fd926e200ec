import { createTransport } from 'nodemailer';
import type { EmailDriver } from './driver';
import { compose } from './message';

/** Sends mail over pooled connections. The URL can contain nodemailer options: `smtp://host:25?maxConnections=5&tls.rejectUnauthorized=false`. */
export function smtpDriver(url: string, maxConnections: number): EmailDriver {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections,
    connectionTimeout: 5000,
    greetingTimeout: 5000,
    socketTimeout: 20_000,
  });
  return {
    async send(mail) {
      const { envelope, bytes } = compose(mail);
      await transport.sendMail({ envelope, raw: bytes });
    },
    async close() {
      transport.close();
    },
  };
}
