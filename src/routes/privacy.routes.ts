import * as privacy from '../controllers/privacy.controller';
import { route } from '../http/route';
import { accountExport, eraseBody } from '../schemas/privacy.schemas';

const tag = 'Privacy';

export const privacyRoutes = [
  route({
    method: 'get',
    path: '/users/me/export',
    id: 'exportAccount',
    tag,
    summary: 'Download all that is held about me',
    description: 'As JSON (Art. 15 and 20 GDPR), but for secrets such as password hashes.',
    access: 'user',
    status: 200,
    stream: 'application/json',
    response: accountExport,
    errors: [],
    handler: privacy.exportMine,
  }),
  route({
    method: 'delete',
    path: '/users/me',
    id: 'eraseAccount',
    careful: true,
    tag,
    summary: 'Erase my account',
    description:
      'At once and for good (Art. 17 GDPR): name, address, phone, sessions, notifications, uploads and what attendees were named are gone, places in line are given up, and the email address may register anew. Orders with their invoices, payments, refunds and the ledger stay, as tax law requires. 409 `ACCOUNT_IN_USE`, with what in `details`, while bookings or events are still to come or money is on its way.',
    access: 'user',
    body: eraseBody,
    example: { password: 'demo-tickets' },
    status: 204,
    errors: ['ACCOUNT_IN_USE'],
    handler: privacy.eraseMine,
  }),
];
