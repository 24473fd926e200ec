export interface Sms {
  /** The phone number in E.164. */
  to: string;
  body: string;
}

export interface SmsDriver {
  /**
   * Resolves to true once the provider has accepted the message, and to false if it can never reach this number.
   * @throws Error if the message should be retried
   */
  send(sms: Sms): Promise<boolean>;
}
