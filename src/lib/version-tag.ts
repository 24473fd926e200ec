import { createHash } from 'node:crypto';
import { AppError } from '../errors';

/** Returns the ETag `"<version>-<digest>"`. The digest covers changes without a new version, such as availability. */
export function createVersionTag(version: number, content: object): string {
  const digest = createHash('sha1').update(JSON.stringify(content)).digest('base64url').slice(0, 16);
  return `"${version}-${digest}"`;
}

/** Asserts that an `If-Match` header names this version. @throws AppError PRECONDITION_FAILED */
export function assertVersion(ifMatch: string | undefined, version: number): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const versions = ifMatch.split(',').map((tag) => /^(?:W\/)?"(\d+)-/.exec(tag.trim())?.[1]);
  if (!versions.includes(String(version))) throw new AppError('PRECONDITION_FAILED');
}
