import { runInTransaction } from '../../database';
import { insertLicenses, listPolicies } from '../../models/licenses/issued-licenses';
import { addMessages } from '../outbox/add-messages';
import { activateDevice } from './activate-devices';
import { applyPolicy } from './issue-licenses';
import { createStoredKey } from './license-keys';

/** The key of the first demo license, which the examples of the documentation use. */
export const DEMO_KEY = 'BLTN-7K3QX-0M9DZ-W4T2V-H8RCN-5PJEB';

/** Gives licenses of these products to a demo account. The first one has the demo key and is in use on a device. */
export async function giveDemoLicenses(userId: number, productIds: number[]): Promise<void> {
  const licenseIds = await runInTransaction(async (trx) => {
    const policies = await listPolicies(trx, productIds);
    const licenses = policies.map(({ productId, policy }, index) => ({
      ...createStoredKey(index === 0 ? DEMO_KEY : undefined),
      ...applyPolicy(policy ?? {}),
      userId,
      productId,
      source: null,
    }));
    const ids = await insertLicenses(trx, licenses);
    if (ids.length > 0) await addMessages(trx, [{ topic: 'license.issued', payload: { licenseIds: ids } }]);
    return ids;
  });
  if (licenseIds.length === 0) return;
  const device = { fingerprint: 'd41d8cd98f00b204e9800998ecf8427e', name: 'Rehearsal room', platform: 'windows-x64' };
  await activateDevice({ key: DEMO_KEY, ...device });
}
