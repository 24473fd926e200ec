import { randomUUID } from 'node:crypto';

const DOMAIN = 'erased.invalid';

/** The domain of placeholders for erased addresses. */
export const ERASED_DOMAIN = `@${DOMAIN}`;

/** Returns a placeholder for an erased address. The domain is reserved (RFC 2606) and the name random, so nobody can own or predict it. */
export function getErasedAddress(id: number): string {
  return `erased-${id}-${randomUUID()}${ERASED_DOMAIN}`;
}

/** True for a placeholder of an erased address, including subdomains. */
export function isErasedAddress(email: string): boolean {
  const domain = email.toLowerCase().replace(/\.$/, '').split('@').pop()!;
  return domain === DOMAIN || domain.endsWith(`.${DOMAIN}`);
}
