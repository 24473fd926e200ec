/** A phone number as E.164 has it, `+431234567`, of one with blanks and such; undefined where it lacks its country or is none. */
export function toE164(phone: string | null): string | undefined {
  const plain = (phone ?? '').replace(/[\s()./-]/g, '');
  return /^\+[1-9]\d{6,14}$/.test(plain) ? plain : undefined;
}
