import type { Actor } from '../../lib/actor';
import { bumpListVersion } from '../../runtime/list-version';
import type { Upload } from '../../lib/files/upload';
import { lockAccount, updateUser } from '../../models/users/accounts';
import { replaceFile } from '../files/manage-files';
import { storeUpload } from '../files/store-upload';
import { getProfile, type Profile } from './accounts';

/** Replaces the organizer's logo and deletes the previous one. @throws AppError as `storeUpload` does */
export async function replaceLogo(actor: Actor, upload: Upload): Promise<Profile> {
  await storeUpload(actor, upload, {
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
