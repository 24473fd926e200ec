import type { TestUser } from './accounts';
import { as } from './client';

export interface TestSupportTicket {
  id: number;
  number: string;
  subject: string;
  status: string;
  priority: string;
  assigneeId: number | null;
  messages: {
    id: number;
    body: string;
    author: { id: number; firstName: string | null; isStaff: boolean };
    files: { id: number; url: string }[];
  }[];
  firstResponseDueAt: string;
  breachedAt: string | null;
  closedAt: string | null;
  mergedIntoId: number | null;
}

export const QUESTION = { subject: 'A step at the entrance?', message: 'I come in a wheelchair.' };

/** Opens a support ticket of this customer, by default about nothing in particular. */
export async function openSupportTicket(
  customer: TestUser,
  fields: Record<string, unknown> = {},
): Promise<TestSupportTicket> {
  const { body } = await as(customer)
    .post('/api/support/tickets')
    .send({ ...QUESTION, ...fields })
    .expect(201);
  return (body as { data: TestSupportTicket }).data;
}
