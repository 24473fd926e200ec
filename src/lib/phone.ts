/** Returns a phone number in E.164 (`+431234567`); undefined if it is invalid or lacks its country code. */
export function toE164(phone: string | null): string | undefined {
  const plain = (phone ?? '').replace(/[\s()./-]/g, '');
  return /^\+[1-9]\d{6,14}$/.test(plain) ? plain : undefined;
}
