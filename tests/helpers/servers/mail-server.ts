import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface MailServer {
  url: string;
  port: number;
  /** In order of arrival. */
  mails: Email[];
  /** Returns how many mails it has started to receive. */
  begun(): number;
  mailsTo(address: string): Email[];
  /** Refuses every mail with this response. `undefined` makes it accept them again. */
  refuseWith(answer: { responseCode: number; message: string } | undefined): void;
  /** Sets how many milliseconds each mail takes. */
  takeMs(ms: number): void;
  close(): Promise<void>;
}

/** Starts a mail server that stores what it receives. */
export async function startMailServer(port = 0): Promise<MailServer> {
  const mails: Email[] = [];
  let refusal: { responseCode: number; message: string } | undefined;
  let delayMs = 0;
  let begun = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, _session, callback) {
      begun += 1;
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (refusal) return callback(Object.assign(new Error(refusal.message), refusal));
        void PostalMime.parse(Buffer.concat(chunks)).then((mail) => {
          setTimeout(() => {
            mails.push(mail);
            callback();
          }, delayMs);
        });
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.server.address() as { port: number };
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    port: address.port,
    mails,
    begun: () => begun,
    mailsTo: (to) => mails.filter((mail) => mail.to?.some((recipient) => recipient.address === to)),
    refuseWith: (answer) => void (refusal = answer),
    takeMs: (ms) => void (delayMs = ms),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
