import { registerUser, type TestUser } from '../../helpers/accounts';
import { anOpenEvent, theOrganizer } from '../../helpers/bookings';
import { picture } from '../../helpers/files';
import { startInstance, type Instance } from '../../helpers/instance';

const QUOTA_KB = 20;
const KB = 1024;

let small: Instance;
beforeAll(() => {
  small = startInstance({ FILES_QUOTA_MB: String(QUOTA_KB / KB) });
});
afterAll(() => small.close());

const document = (kilobytes: number): Buffer => Buffer.alloc(kilobytes * KB, 'A line of text.\n');
const uploading = (user: TestUser, content: Buffer, to = '/api/files') =>
  small.as(user.token).post(to).attach('file', content, { filename: 'a file' });

describe('the files of an account', () => {
  it('share a quota, even when uploaded at once, and release it when deleted', async () => {
    const user = await registerUser();
    const answers = await Promise.all(Array.from({ length: 6 }, () => uploading(user, document(6))));
    const codes = answers.map(({ status, body }) => [status, body.error?.code]);
    expect(codes.filter(([status]) => status === 201)).toHaveLength(3);
    expect(codes.filter(([, code]) => code === 'PAYLOAD_TOO_LARGE')).toHaveLength(3);
    expect((await uploading(user, document(3))).status).toBe(413);
    expect((await uploading(user, document(1))).status).toBe(201);
    const kept = answers.find(({ status }) => status === 201)!.body.data.id as number;
    await small.as(user.token).delete(`/api/files/${kept}`).expect(204);
    expect((await uploading(user, document(6))).status).toBe(201);
    expect((await uploading(await registerUser(), document(6))).status).toBe(201);
  });

  it('include covers in all their widths', async () => {
    const event = await anOpenEvent();
    const large = await picture({ width: 2000, height: 2000, format: 'png' });
    const organizer = await theOrganizer();
    const cover = () => uploading(organizer, large, `/api/events/${event.id}/cover`);
    let count = 0;
    while ((await cover()).status === 200) {
      count += 1;
      expect(count).toBeLessThan(30);
      await uploading(organizer, document(4));
    }
    expect((await cover()).status).toBe(413);
  });
});
