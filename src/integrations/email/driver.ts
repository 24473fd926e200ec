export interface MailFile {
  filename: string;
  content: Buffer;
  contentType: string;
}

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Without angle brackets; the same for all attempts to send a mail, so that duplicates can be detected. */
  messageId: string;
  /** Where replies go; defaults to the sender. */
  replyTo?: string;
  /** iCalendar text to attach as a file. */
  calendar?: string;
  /** Other attachments. */
  files?: MailFile[];
  /** The URL that mail programs POST to in order to unsubscribe their user (RFC 8058). */
  unsubscribeUrl?: string;
}

export interface EmailDriver {
  /** Resolves once the mail server has accepted the mail. */
  send(mail: Mail): Promise<void>;
  close(): Promise<void>;
}
