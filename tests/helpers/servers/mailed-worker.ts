import { startMailServer, type MailServer } from './mail-server';
import { startTestWorker } from './worker';

export interface MailedWorker {
  mail: MailServer;
  stop(): Promise<void>;
}

/** Starts a mail server and a worker that sends to it. */
export async function startMailedWorker(settings: Record<string, string> = {}): Promise<MailedWorker> {
  const mail = await startMailServer();
  const worker = await startTestWorker({ SMTP_URL: mail.url, ...settings });
  return {
    mail,
    async stop() {
      await worker.stop();
      await mail.close();
    },
  };
}
