import { anOpenEvent, theOrganizer } from './bookings';
import type { TestEvent } from './events';
import { PDF, uploaded } from './files';
import { addImage, makeCategory, makeProduct, type TestProduct } from './products';
import { aHall, type TestHall } from './seats';
import { makeShippingOption, theAdmin } from './store';

export interface TestStore {
  /** An event with numbered seats at 12.50, which the shirt and the recording belong to. */
  hall: TestHall;
  /** An event at 8.00, and one that is free. */
  walk: TestEvent;
  free: TestEvent;
  /** Five at 25.00, at most four in one order. */
  shirt: TestProduct;
  recording: TestProduct;
  planner: TestProduct;
}

/** Makes what a store sells, in EUR: tickets of three events, goods that two options ship to Austria, a download and a license. */
export async function aStore(): Promise<TestStore> {
  const [organizer, admin] = [await theOrganizer(), await theAdmin()];
  const parent = await makeCategory(admin, { name: 'Merchandise', slug: 'merchandise' });
  const category = await makeCategory(admin, { name: 'Shirts', slug: 'shirts', parentId: parent.id });
  const hall = await aHall(undefined, { title: 'Winter voices', basePrice: '12.50', currency: 'EUR' });
  const walk = await anOpenEvent({ title: 'A walk with tea', basePrice: '8.00', currency: 'EUR' });
  const free = await anOpenEvent({ title: 'Open house', currency: 'EUR' });
  const common = { currency: 'EUR', eventId: hall.event.id };
  const shirt = await makeProduct(organizer, {
    ...common,
    ...{ name: 'Choir shirt', sku: 'SHIRT-1', description: 'Heavy cotton.', categoryId: category.id, price: '25.00' },
    ...{ stock: 5, weightGrams: 180, maxPerOrder: 4, taxRate: 20 },
  });
  await addImage(organizer, shirt.id, 'A shirt with a bell on it');
  const { id: fileId } = await uploaded(organizer, PDF, 'songs.pdf');
  const recording = await makeProduct(organizer, {
    ...common,
    ...{ name: 'Live recording', productType: 'digital', price: '9.00', fileId },
  });
  const planner = await makeProduct(organizer, {
    ...{ currency: 'EUR', name: 'Rehearsal planner', productType: 'license', price: '48.00' },
    licensePolicy: { durationDays: 365, maxActivations: 3, offlineDays: 30, entitlements: ['export'] },
  });
  await makeShippingOption({ name: 'Post', countries: ['AT'], price: '4.90' });
  await makeShippingOption({ name: 'Express', countries: ['AT'], price: '12.90' });
  return { hall, walk, free, shirt, recording, planner };
}
