import { randomUUID } from 'node:crypto';

const DOMAIN = 'erased.invalid';

/** How addresses end that stand in the place of erased ones. */
export const ERASED_DOMAIN = `@${DOMAIN}`;

/** What replaces an address that was erased. Nobody can have it (RFC 2606) or foresee it, so nobody can take it beforehand. */
export function getErasedAddress(id: number): string {
  return `erased-${id}-${randomUUID()}${ERASED_DOMAIN}`;
}

/** Also for addresses below that domain. */
export function isErasedAddress(email: string): boolean {
  const domain = email.toLowerCase().replace(/\.$/, '').split('@').pop()!;
  return domain === DOMAIN || domain.endsWith(`.${DOMAIN}`);
}
