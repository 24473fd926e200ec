import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { openapi } from '../../src/http/openapi';
import { routes } from '../../src/routes';

jest.setTimeout(60_000);

const ROOT = path.join(__dirname, '..', '..');
const TSC = path.join(ROOT, 'node_modules', '@typescript', 'native', 'bin', 'tsc');

// The generator is an ES module, which Jest does not load.
const GENERATE = `
  import { readFileSync, writeFileSync } from 'node:fs';
  import openapiTS, { astToString } from 'openapi-typescript';
  const [source, target] = process.argv.slice(1);
  writeFileSync(target, astToString(await openapiTS(JSON.parse(readFileSync(source, 'utf8')))));
`;

/** What a front end writes: it compiles only if the document says what the program takes and gives. */
const CLIENT = `
import type { components, operations, paths } from './api';

type Schemas = components['schemas'];
type Body<Id extends keyof operations> = operations[Id] extends { requestBody?: { content: { 'application/json': infer B } } } ? B : never;

// What has a default may be left out, and metadata is the caller's own affair.
export const event: Schemas['CreateEvent'] = { title: 'Here', startDate: '2030-01-01T20:00:00Z', metadata: { rows: [1, { a: null }] } };
export const type: Body<'createTicketType'> = { name: 'Stalls' };
export const discount: Body<'createDiscount'> = { code: 'SPRING', type: 'percentage', value: 20 };
export const place: Body<'joinWaitlist'> = { eventId: 1 };
export const account: Body<'register'> = { email: 'ada@example.com', password: 'a long pass phrase' };
export const cancellation: Body<'cancelEvent'> = { reason: 'Storm' };
export const query: NonNullable<operations['listEvents']['parameters']['query']> = {};

export function metadataOf(answer: Schemas['Event']): unknown {
  return answer.metadata['rows'];
}
export function isRefund({ kind }: Schemas['Notification']): boolean {
  return kind === 'refund.sent';
}
export function isCard({ provider }: Schemas['Payment']): boolean {
  return provider === 'stripe';
}
export function isPerCent({ type: kind }: Schemas['Discount']): boolean {
  return kind === 'percentage';
}
export function titleOf(answer: paths['/api/events/{id}']['get']['responses'][200]['content']['application/json']): string {
  return answer.data.title;
}
export function codeOf(answer: paths['/api/bookings']['post']['responses'][409]['content']['application/json']): string {
  return answer.error.code;
}

// @ts-expect-error A discount is one of two types.
export const gift: Body<'createDiscount'> = { code: 'GIFT', type: 'gift', value: 1 };
// @ts-expect-error A title is needed.
export const untitled: Schemas['CreateEvent'] = { startDate: '2030-01-01T20:00:00Z' };
export function isUnknown({ kind }: Schemas['Notification']): boolean {
  // @ts-expect-error There is no such kind.
  return kind === 'nothing';
}
`;

describe('a client that openapi-typescript generates', () => {
  it('takes what the program takes, and knows what it answers', async () => {
    const folder = process.env.TEST_FOLDER!;
    const place = (name: string): string => path.join(folder, name);
    writeFileSync(place('openapi.json'), JSON.stringify(openapi(routes)));
    writeFileSync(place('client.ts'), CLIENT);
    const run = (args: string[]) => promisify(execFile)(process.execPath, args, { cwd: ROOT });
    await run(['--input-type=module', '-e', GENERATE, place('openapi.json'), place('api.ts')]);
    const compiled = await run([TSC, '--noEmit', '--strict', '--ignoreConfig', place('client.ts')]).catch(
      ({ stdout }: { stdout: string }) => ({ stdout }),
    );
    expect(compiled.stdout).toBe('');
  });
});
