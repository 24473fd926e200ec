export interface Sms {
  /** E.164. */
  to: string;
  body: string;
}

export interface SmsDriver {
  /**
   * Resolves once somebody has taken responsibility for it; false where it can't reach this number, now or later.
   * @throws Error where trying again makes sense
   */
  send(sms: Sms): Promise<boolean>;
}
