import { rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { config } from '../../../src/config';
import { database } from '../../../src/database';
import { storage } from '../../../src/integrations/storage';
import { createKey as newKeyOf, getVariantKey, type FileType } from '../../../src/lib/files/file-keys';
import { deleteAbandonedUploads, removeOrphans } from '../../../src/services/files/clean-up-files';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { fetching, knownKeys, picture, storedKeys, uploaded, useStorage } from '../../helpers/files';
import { allDone } from '../../helpers/messages';
import { start } from '../../helpers/servers/processes';
import { startTestWorker } from '../../helpers/servers/worker';
import { startFakeS3, S3_BUCKET, S3_KEYS } from '../../fakes/s3';

const TWO_HOURS_MS = 7_200_000;
const CLI = path.join(__dirname, '..', '..', '..', 'dist', 'cli.js');

let user: TestUser;
let tag: string;
const newKey = (type: FileType): string => newKeyOf(type, tag);
beforeAll(async () => {
  const { id } = await database('installations').first<{ id: string }>('id');
  tag = id.slice(0, 8);
  user = await registerUser();
});

describe.each(['local', 's3'] as const)('cleaning up on the %s driver', (driver) => {
  const stage = useStorage(driver);

  async function put(key: string, { isOld = false } = {}): Promise<string> {
    await storage().put(key, Readable.from([Buffer.from('bytes')]), { contentType: 'text/plain' });
    if (!isOld) return key;
    if (stage.s3) await stage.s3.age(key, TWO_HOURS_MS);
    else {
      const place = path.resolve(config.dataDir, 'uploads', key.slice(0, 2), key);
      await utimes(place, new Date(), new Date(Date.now() - TWO_HOURS_MS));
    }
    return key;
  }

  it('removes old objects without a row', async () => {
    const { filename } = await uploaded(user, await picture({ width: 400 }));
    for (const key of await storedKeys()) if (stage.s3) await stage.s3.age(key, TWO_HOURS_MS);
    const lost = newKey('image/png');
    await put(lost, { isOld: true });
    await put(getVariantKey(lost, 320), { isOld: true });
    const young = await put(newKey('text/plain'));
    // An object of another installation, whose rows are in another database.
    const another = await put(newKeyOf('text/plain', tag === '00000000' ? '00000001' : '00000000'), { isOld: true });
    expect(await removeOrphans()).toBe(2);
    expect(await storedKeys()).toEqual([young, another, filename, getVariantKey(filename, 320)].sort());
    for (const key of [young, another]) await storage().remove(key);
  });

  it('removes old unfinished uploads', async () => {
    const pending = async (age: string): Promise<string> => {
      const key = await put(newKey('text/plain'));
      const row = { owner_id: user.user.id, key, purpose: 'file', original_name: 'a', mimetype: 'text/plain', size: 5 };
      await database('files').insert({ ...row, created_at: database.raw(`now() - interval '${age}'`) });
      return key;
    };
    const [old, young] = [await pending('2 hours'), await pending('1 minute')];
    expect(await deleteAbandonedUploads()).toBe(1);
    const worker = await startTestWorker(stage.environment);
    await allDone();
    await worker.stop();
    expect(await database('files').where('status', 'pending').pluck('key')).toEqual([young]);
    expect(await storedKeys()).not.toContain(old);
    expect(await storedKeys()).toContain(young);
    await fetching(`http://localhost/uploads/${young}`).expect(403);
    await database('files').where('status', 'pending').delete();
    await storage().remove(young);
  });
});

describe('npm run storage -- copy', () => {
  useStorage('local');

  it('resumes where it stopped, reports missing objects, and serves the same files from the other store', async () => {
    const images = await Promise.all([400, 700].map(async (width) => uploaded(user, await picture({ width }))));
    const s3 = await startFakeS3(path.resolve(config.dataDir, 'copied'));
    const { DATABASE_URL = '', DATA_DIR = '', JWT_SECRET = '', TEST_FOLDER = '' } = process.env;
    const copy = async (...args: string[]) => {
      const program = start(process.execPath, [CLI, 'storage', 'copy', ...args], {
        DOTENV_CONFIG_PATH: path.join(TEST_FOLDER, 'none.env'),
        ...{ DATABASE_URL, DATA_DIR, JWT_SECRET, S3_ENDPOINT: s3.url, S3_BUCKET },
        S3_ACCESS_KEY_ID: S3_KEYS.accessKeyId,
        S3_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey,
      });
      const { code } = await program.exited;
      return { code, output: program.output() };
    };

    expect(await copy('local', 'local')).toMatchObject({ code: 1, output: expect.stringContaining('Usage: npm run') });
    s3.failing = (request) => request.startsWith('PUT') && request.includes('-640');
    expect((await copy('local', 's3')).code).toBe(1);
    s3.failing = undefined;
    const begun = (await s3.keys()).length;
    expect(begun).toBeGreaterThan(0);
    const { code, output } = await copy('local', 's3');
    const report = `${5 - begun} objects were copied, ${begun} already existed.`;
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining(report) });
    expect(await s3.keys()).toEqual(await knownKeys());

    const [lost] = images.map(({ filename }) => filename);
    await storage().remove(lost!);
    expect((await copy('s3', 'local')).output).toContain('1 objects were copied, 4 already existed.');
    await fetching(images[0]!.url).expect(200);
    await storage().remove(lost!);
    await rm(path.resolve(config.dataDir, 'copied', 'objects', lost!));
    expect(await copy('local', 's3')).toMatchObject({
      code: 1,
      output: expect.stringContaining(`1 are missing from the source store:\n${lost}`),
    });
    await s3.stop();
  });
});
