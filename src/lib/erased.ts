const DOMAIN = '@erased.invalid';

/** What stands in the place of an address that was erased: nobody can have it (RFC 2606). */
export function erasedAddress(id: number): string {
  return `erased-${id}${DOMAIN}`;
}

export function isErasedAddress(email: string): boolean {
  return email.endsWith(DOMAIN);
}
