/** Of addresses that stand in the place of erased ones. */
export const ERASED_DOMAIN = '@erased.invalid';

/** What stands in the place of an address that was erased: nobody can have it (RFC 2606). */
export function erasedAddress(id: number): string {
  return `erased-${id}${ERASED_DOMAIN}`;
}

export function isErasedAddress(email: string): boolean {
  return email.endsWith(ERASED_DOMAIN);
}
