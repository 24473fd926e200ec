import type { Actor } from '../lib/actor';
import { bumpListVersion } from '../lib/list-version';
import type { Upload } from '../lib/upload';
import { lockAccount, updateUser } from '../models/users.model';
import { replaceFile } from './files.service';
import { keepUpload } from './files.store.service';
import { getProfile, type Profile } from './users.service';

/** Shows another image with the organizer's events; the one before is deleted. @throws AppError as of `keepUpload` */
export async function replaceLogo(actor: Actor, upload: Upload): Promise<Profile> {
  await keepUpload(actor, upload, {
    purpose: 'logo',
    async use(trx, { key }) {
      const account = await lockAccount(trx, actor.userId);
      await updateUser(trx, actor.userId, { logoKey: key });
      await replaceFile(trx, actor, account?.logoKey ?? null);
    },
  });
  bumpListVersion();
  return getProfile(actor);
}
