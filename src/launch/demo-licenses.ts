import { database } from '../database';
import { giveDemoLicenses } from '../services/licenses/demo-licenses';
import { listProducts } from '../services/products/list-products';
import { findAccountByAddress } from '../services/users/accounts';

const LICENSES = 2;

/** Gives the demo customer licenses. Their keys depend on JWT_SECRET, so they cannot be in database/seeds. */
export async function giveLicensesToCustomer(): Promise<void> {
  const account = await findAccountByAddress(database, 'customer@bilten.example');
  if (!account) return;
  const query = { page: 1, limit: LICENSES, productType: 'license', sort: 'createdAt', order: 'asc' } as const;
  const { data } = await listProducts(undefined, query);
  await giveDemoLicenses(
    account.id,
    data.map(({ id }) => id),
  );
}
