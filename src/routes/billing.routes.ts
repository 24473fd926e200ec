import * as billing from '../controllers/billing.controller';
import { route } from '../http/route';
import { billing as billingAnswer, updateBillingBody } from '../schemas/billing.schemas';

const tag = 'Orders';

export const billingRoutes = [
  route({
    method: 'get',
    path: '/organizers/me/billing',
    id: 'getBilling',
    tag,
    summary: 'Show what my invoices say about me',
    access: 'organizer',
    status: 200,
    response: billingAnswer,
    errors: [],
    handler: billing.get,
  }),
  route({
    method: 'put',
    path: '/organizers/me/billing',
    id: 'updateBilling',
    tag,
    summary: 'Change what my invoices say about me',
    description:
      'What is not named stays as it is; `null` takes it away. Without a name invoices carry the name of the account. Invoices that have been issued do not change.',
    access: 'organizer',
    body: updateBillingBody,
    example: {
      name: 'Jazz on the Quay Ltd.',
      address: 'Harbor Road 1\n1020 Vienna\nAustria',
      vatId: 'ATU12345678',
      email: 'invoices@example.com',
    },
    status: 200,
    response: billingAnswer,
    errors: [],
    handler: billing.update,
  }),
];
