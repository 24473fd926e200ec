import type { Response } from 'supertest';
import { database } from '../../src/database';
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

export const dataOf = ({ body }: Response): TestSupportTicket => (body as { data: TestSupportTicket }).data;
export const at = (id: number, name = ''): string => `/api/support/tickets/${id}${name && `/${name}`}`;
export const reading = async (user: TestUser, id: number) => dataOf(await as(user).get(at(id)).expect(200));
export const writing = (user: TestUser, id: number, body: object = { message: 'And the toilets?' }) =>
  as(user).post(at(id, 'messages')).send(body);
export const changing = (user: TestUser, id: number, body: object) => as(user).put(at(id)).send(body);

/** Moves times of a support ticket into the past: `{ created_at: '2 days' }`. */
export const age = (id: number, change: Record<string, string>) =>
  database('support_tickets')
    .where({ id })
    .update(
      Object.fromEntries(
        Object.entries(change).map(([name, ago]) => [name, database.raw(`now() - interval '${ago}'`)]),
      ),
    );
