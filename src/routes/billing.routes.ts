import * as billing from '../controllers/billing.controller';
import { route } from '../http/route';
import { billing as billingResponse, updateBillingBody } from '../schemas/billing.schemas';

const tag = 'Orders';

export const billingRoutes = [
  route({
    method: 'get',
    path: '/organizers/me/billing',
    id: 'getBilling',
    tag,
    summary: 'Get your billing details',
    access: 'organizer',
    status: 200,
    response: billingResponse,
    errors: [],
    handler: billing.get,
  }),
  route({
    method: 'put',
    path: '/organizers/me/billing',
    id: 'updateBilling',
    tag,
    summary: 'Update your billing details',
    description:
      'These details appear on your invoices as the seller. Fields that are left out keep their value; `null` removes one. Without a name, invoices carry the name of the account. Invoices that have already been issued do not change.',
    access: 'organizer',
    body: updateBillingBody,
    example: {
      name: 'Jazz on the Quay Ltd.',
      address: 'Harbor Road 1\n1020 Vienna\nAustria',
      vatId: 'ATU12345678',
      email: 'invoices@example.com',
    },
    status: 200,
    response: billingResponse,
    errors: [],
    handler: billing.update,
  }),
];
