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
  /** Without angle brackets. The same for every attempt at the same mail, so that a repetition can be told. */
  messageId: string;
  /** Where answers go; by default to where it comes from. */
  replyTo?: string;
  /** iCalendar text that comes along as a file. */
  calendar?: string;
  /** What else comes along. */
  files?: MailFile[];
  /** Takes a POST by which mail programs unsubscribe for their user (RFC 8058). */
  unsubscribeUrl?: string;
}

export interface EmailDriver {
  /** Resolves once somebody has taken responsibility for the mail. */
  send(mail: Mail): Promise<void>;
  close(): Promise<void>;
}
