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
    summary: 'Export your personal data',
    description:
      'Downloads all data stored about you as JSON (Art. 15 and 20 GDPR), except secrets such as password hashes.',
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
    summary: 'Erase your account',
    description:
      'Erases the account immediately and permanently (Art. 17 GDPR): name, address, phone, sessions, notifications, uploads and attendee names are deleted, waitlist entries are given up, and the email address can be registered again. Orders with their invoices, payments, refunds and the ledger are kept, as tax law requires. Answers 409 `ACCOUNT_IN_USE`, with the reasons in `details`, while you have upcoming bookings or events or a payment or refund is in progress.',
    access: 'user',
    body: eraseBody,
    example: { password: 'demo-tickets' },
    status: 204,
    errors: ['ACCOUNT_IN_USE'],
    handler: privacy.eraseMine,
  }),
];
