import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { database, runInTransaction } from '../../src/database';
import { issueLicenses } from '../../src/services/licenses/issue-licenses';
import {
  listLicenseUnits,
  restoreLicenses,
  revokeLicenses,
  suspendLicenses,
} from '../../src/services/licenses/revoke-licenses';
import { codeOf, registerUser } from '../helpers/bookings';
import { anonymous, as } from '../helpers/client';
import { createBarrier, startWithFaults } from '../helpers/fault-injection';
import { startInstance } from '../helpers/instance';
import {
  activated,
  activating,
  aLicense,
  fingerprint,
  issued,
  licensesOf,
  makeLicenseProduct,
  verified,
} from '../helpers/licenses';
import { messagesOf } from '../helpers/messages';

const KEY = /^BLTN(-[0-9A-HJKMNP-TV-Z]{5}){5}$/;
const UNKNOWN = 'BLTN-00000-00000-00000-00000-00000';
const DAY_MS = 86_400_000;

describe('issueLicenses', () => {
  it('issues one license for each unit, once, and tells the customer once', async () => {
    const { owner, orderId, productId, licenses } = await issued({ durationDays: 30 });
    expect(licenses).toHaveLength(2);
    for (const license of licenses) {
      expect(license).toMatchObject({ productId, orderId, status: 'active', maxActivations: 3, activationsCount: 0 });
      expect(license).toMatchObject({ offlineDays: 14, entitlements: ['studio'], key: expect.stringMatching(KEY) });
      expect(Math.abs(Date.parse(license.expiresAt!) - Date.now() - 30 * DAY_MS)).toBeLessThan(60_000);
    }
    expect(licenses[0]!.key).not.toBe(licenses[1]!.key);
    const again = { orderId, userId: owner.user.id, items: [{ position: 1, productId, quantity: 2 }] };
    await Promise.all([1, 2].map(() => runInTransaction((trx) => issueLicenses(trx, again))));
    expect(await licensesOf(owner)).toEqual(licenses);
    const ids = licenses.map(({ id }) => id);
    const told = (await messagesOf('license.issued')).filter(({ payload }) =>
      (payload.licenseIds as number[]).some((id) => ids.includes(id)),
    );
    expect(told).toHaveLength(1);
  });
});

describe('revokeLicenses', () => {
  it('revokes unused units first, and a dispute suspends until it is won', async () => {
    const { owner, orderId, licenses } = await issued();
    const [second, first] = licenses;
    await activated(second!.key, 1);
    expect(await runInTransaction((trx) => suspendLicenses(trx, orderId))).toBe(2);
    expect(await verified(second!.key)).toMatchObject({ valid: false, code: 'SUSPENDED' });
    expect(await runInTransaction((trx) => restoreLicenses(trx, orderId))).toBe(2);
    expect(await verified(second!.key)).toMatchObject({ valid: true, code: 'VALID' });
    const revoke = (quantity: number) =>
      runInTransaction((trx) => revokeLicenses(trx, { orderId, items: [{ position: 1, quantity }] }));
    expect(await revoke(1)).toBe(1);
    expect(await verified(first!.key)).toMatchObject({ valid: false, code: 'REVOKED' });
    expect((await licensesOf(owner)).map(({ status }) => status)).toEqual(['active', 'revoked']);
    expect(await listLicenseUnits(database, orderId)).toMatchObject([
      { position: 1, unit: 1, status: 'revoked', isActivated: false },
      { position: 1, unit: 2, status: 'active', isActivated: true },
    ]);
    expect(await revoke(5)).toBe(1);
    expect(codeOf(await activating(second!.key, 1).expect(409))).toBe('LICENSE_NOT_ACTIVE');
  });

  it('leaves what an admin has suspended suspended', async () => {
    const { orderId, licenses } = await issued();
    const admin = await registerUser({ role: 'admin' });
    await as(admin).put(`/api/admin/licenses/${licenses[0]!.id}`).send({ status: 'suspended' }).expect(200);
    expect(await runInTransaction((trx) => suspendLicenses(trx, orderId))).toBe(1);
    expect(await runInTransaction((trx) => restoreLicenses(trx, orderId))).toBe(1);
    expect(await verified(licenses[0]!.key)).toMatchObject({ code: 'SUSPENDED' });
  });
});

describe('activateDevice', () => {
  it('activates a device once, renews its certificate, and names the devices at the limit', async () => {
    const { key, license } = await aLicense({ maxActivations: 2 });
    const answer = await activating(key, 1, { name: 'Laptop', platform: 'linux' }).expect(201);
    expect(answer.headers.location).toBe(`/api/licenses/${license.id}/activations`);
    // However the key is typed.
    await activating(key.toLowerCase().replaceAll('-', ' '), 1, { name: 'Renamed' }).expect(200);
    await activated(key, 2);
    const refused = await activating(key, 3).expect(409);
    expect(codeOf(refused)).toBe('ACTIVATION_LIMIT_REACHED');
    const { details } = (refused.body as { error: { details: object[] } }).error;
    expect(details).toMatchObject([
      { path: 'fingerprint', message: 'in use on Renamed', name: 'Renamed', platform: 'linux' },
      { path: 'fingerprint', name: null },
    ]);
    // Others' fingerprints would let anyone pass for one of the devices.
    expect(JSON.stringify(details)).not.toContain('device-1');
    expect(await verified(key, 1)).toMatchObject({
      valid: true,
      code: 'VALID',
      license: { id: license.id, activationsCount: 2 },
    });
    expect(await verified(key, 3)).toMatchObject({ valid: false, code: 'NOT_ACTIVATED' });
  });

  it('refuses what is not active, and an unknown key', async () => {
    const { key, license, admin } = await aLicense();
    const update = (changes: object) => as(admin).put(`/api/admin/licenses/${license.id}`).send(changes).expect(200);
    const past = new Date(Date.now() - 1000).toISOString();
    for (const [changes, status, code] of [
      [{ status: 'suspended' }, 'suspended', 'SUSPENDED'],
      [{ status: 'revoked' }, 'revoked', 'REVOKED'],
      [{ status: 'active', expiresAt: past }, 'expired', 'EXPIRED'],
    ] as const) {
      expect((await update(changes)).body).toMatchObject({ data: { status, key: null } });
      expect(codeOf(await activating(key, 1).expect(409))).toBe('LICENSE_NOT_ACTIVE');
      expect(await verified(key, 1)).toMatchObject({ valid: false, code, license: { status } });
    }
    await update({ expiresAt: null });
    await activated(key, 1);
    await activating(UNKNOWN, 1).expect(404);
    expect(await verified(UNKNOWN, 1)).toEqual({ valid: false, code: 'NOT_FOUND' });
    expect(await verified('nonsense')).toEqual({ valid: false, code: 'NOT_FOUND' });
  });

  it('activation without a limit refused: a license for any number of devices takes any number', async () => {
    const { key } = await aLicense({ maxActivations: null });
    for (let device = 1; device <= 12; device += 1) await activated(key, device);
    expect((await verified(key)).license).toMatchObject({ maxActivations: null, activationsCount: 12 });
  });

  it('makes exactly 3 of 50 at once at a limit of 3, over two processes', async () => {
    const { key, license } = await aLicense();
    const processes = [startInstance(), startInstance()];
    try {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, device) =>
          processes[device % 2]!.anonymous.post('/api/activations').send({ key, fingerprint: fingerprint(device) }),
        ),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
      expect(answers.filter(({ status }) => status === 409)).toHaveLength(47);
    } finally {
      await Promise.all(processes.map((each) => each.close()));
    }
    expect((await verified(key)).license).toMatchObject({ id: license.id, activationsCount: 3 });
  });

  it.each([
    ['with the lock', true, [201, 409]],
    ['without the lock, stopped by the CHECK', false, [201, 500]],
  ])('decides about the last device %s', async (_name, isLocked, expected) => {
    const { key } = await aLicense({ maxActivations: 1 });
    const meet = createBarrier(2);
    const instance = startWithFaults({
      'models/licenses/licenses': ({ lockLicenseByKey, findLicenseByKey }) => ({
        async lockLicenseByKey(trx, hash) {
          const license = await (isLocked ? lockLicenseByKey : findLicenseByKey)(trx, hash);
          await meet();
          return license;
        },
      }),
    });
    try {
      const activate = (device: number) =>
        instance.anonymous.post('/api/activations').send({ key, fingerprint: fingerprint(device) });
      const answers = await Promise.all([activate(1), activate(2)]);
      expect(answers.map(({ status }) => status).sort()).toEqual(expected);
    } finally {
      await instance.close();
    }
  });
});

describe('a license key guessed by timing', () => {
  it('finds nothing to compare with: keys are looked up by a keyed hash, and read by their owner only', async () => {
    const { key, license, owner, admin } = await aLicense();
    const row = await database('licenses').where({ id: license.id }).first('key_hash', 'encrypted_key');
    expect(row!.key_hash).not.toEqual(createHash('sha256').update(key).digest());
    expect(row!.encrypted_key.toString('latin1')).not.toContain(key.slice(5, 10));
    expect((await as(owner).get(`/api/licenses/${license.id}`).expect(200)).body).toMatchObject({ data: { key } });
    const listed = await as(admin).get(`/api/admin/licenses?key=${key}`).expect(200);
    expect(listed.body).toMatchObject({ data: [{ id: license.id, key: null, userId: owner.user.id }] });
    const { rows } = await database.raw<{ rows: { found: boolean }[] }>(
      `SELECT EXISTS (SELECT FROM outbox_messages WHERE payload::text LIKE :key)
         OR EXISTS (SELECT FROM audit_entries WHERE details::text LIKE :key)
         OR EXISTS (SELECT FROM idempotency_keys WHERE answer::text LIKE :key) AS found`,
      { key: `%${key}%` },
    );
    expect(rows).toEqual([{ found: false }]);
  });

  it('runs the same statements for a known key, an unknown one, and what cannot be a key', async () => {
    const { key } = await aLicense();
    await activated(key, 1);
    const texts: string[][] = [];
    for (const sent of [key, UNKNOWN, 'nonsense']) {
      const seen: string[] = [];
      const note = ({ sql }: { sql: string }) => void (sql.includes('license') && seen.push(sql));
      database.on('query', note);
      await verified(sent, 1);
      database.removeListener('query', note);
      texts.push(seen);
    }
    expect(texts[0]!.length).toBeGreaterThan(1);
    expect(texts[1]).toEqual(texts[0]);
    expect(texts[2]).toEqual(texts[0]);
  });

  it('is limited by address: too many unknown keys are rejected, known ones are not counted', async () => {
    const { key } = await aLicense();
    const instance = startInstance({ RATE_LIMIT_MAX_REQUESTS: '1000', RATE_LIMIT_LICENSE_MISSES: '3' });
    try {
      const ask = (sent: string) => instance.anonymous.post('/api/activations/verify').send({ key: sent });
      for (let i = 0; i < 6; i += 1) await ask(key).expect(200);
      for (let i = 0; i < 2; i += 1) await ask(UNKNOWN).expect(200);
      const unknown = { key: UNKNOWN, fingerprint: fingerprint(1) };
      await instance.anonymous.post('/api/activations').send(unknown).expect(404);
      for (const sent of [UNKNOWN, key]) {
        const refused = await ask(sent).expect(429);
        expect(codeOf(refused)).toBe('RATE_LIMITED');
        expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      }
    } finally {
      await instance.close();
    }
  });
});

describe('rotateLicenseKey', () => {
  it('gives a new key, and the old one is dead at once on every process', async () => {
    const { key, license, owner } = await aLicense();
    const other = startInstance();
    try {
      const verifyThere = async (sent: string) =>
        (await other.anonymous.post('/api/activations/verify').send({ key: sent })).body as object;
      await activated(key, 1);
      expect(await verifyThere(key)).toMatchObject({ data: { code: 'VALID' } });
      const { body } = await as(owner).post(`/api/licenses/${license.id}/rotate`).expect(200);
      const { key: rotated } = (body as { data: { key: string } }).data;
      expect(rotated).toMatch(KEY);
      expect(rotated).not.toBe(key);
      expect(await verifyThere(key)).toMatchObject({ data: { code: 'NOT_FOUND' } });
      expect(await verified(rotated, 1)).toMatchObject({ code: 'VALID', license: { activationsCount: 1 } });
    } finally {
      await other.close();
    }
  });
});

describe('activations', () => {
  it('are listed and ended by their owner, or by the device', async () => {
    const { key, license, owner } = await aLicense({ maxActivations: 2 });
    const { activation: first } = await activated(key, 1, { name: 'Laptop' });
    await activated(key, 2);
    const list = async () =>
      ((await as(owner).get(`/api/licenses/${license.id}/activations`).expect(200)).body as { data: object[] }).data;
    expect(await list()).toMatchObject([{ id: first.id, name: 'Laptop', fingerprint: fingerprint(1) }, { name: null }]);
    await as(owner).delete(`/api/activations/${first.id}`).expect(204);
    await as(owner).delete(`/api/activations/${first.id}`).expect(404);
    await activated(key, 3);
    const deactivate = (device: number, sent = key) =>
      anonymous.post('/api/activations/deactivate').send({ key: sent, fingerprint: fingerprint(device) });
    await deactivate(3).expect(204);
    await deactivate(3).expect(404);
    await deactivate(2, UNKNOWN).expect(404);
    expect(await list()).toMatchObject([{ fingerprint: fingerprint(2) }]);
  });
});

describe('updateLicense', () => {
  it('limits, extends and records, but not below what is in use', async () => {
    const { key, license, admin } = await aLicense({ maxActivations: 2 });
    await activated(key, 1);
    await activated(key, 2);
    const update = (changes: object) => as(admin).put(`/api/admin/licenses/${license.id}`).send(changes);
    expect(codeOf(await update({ maxActivations: 1 }).expect(409))).toBe('ACTIVATION_LIMIT_REACHED');
    expect((await update({ maxActivations: 3 }).expect(200)).body).toMatchObject({ data: { maxActivations: 3 } });
    await activated(key, 3);
    await update({}).expect(400);
    await update({ status: 'expired' }).expect(400);
    const entry = await database('audit_entries').where({ action: 'license.update', subject_id: license.id }).first();
    expect(entry).toMatchObject({ actor_id: admin.user.id, details: { maxActivations: { from: 2, to: 3 } } });
  });

  it('grants only license products, to accounts', async () => {
    const admin = await registerUser({ role: 'admin' });
    const productId = await makeLicenseProduct();
    const grant = (fields: object) =>
      as(admin)
        .post('/api/admin/licenses')
        .send({ userId: admin.user.id, productId, ...fields });
    await grant({ productId: 2_000_000_000 }).expect(400);
    await grant({ userId: 2_000_000_000 }).expect(400);
    const { body } = await grant({ maxActivations: null, entitlements: ['beta'] }).expect(201);
    expect(body).toMatchObject({
      data: { maxActivations: null, entitlements: ['beta'], offlineDays: 14, orderId: null },
    });
  });
});

describe('certificates', () => {
  const DOC = path.join(__dirname, '../../docs/licenses.md');
  const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;

  it('are signed with a published key, and end after offlineDays or with the license', async () => {
    const { key, license, admin } = await aLicense();
    const { certificate } = await activated(key, 1);
    const [header, claims, signature] = certificate!.split('.') as [string, string, string];
    const { body } = await anonymous.get('/api/license-keys').expect(200);
    const { kid } = decode(header);
    const published = (body as { data: { id: number; jwk: JsonWebKey }[] }).data.find(({ id }) => String(id) === kid);
    const publicKey = createPublicKey({ key: published!.jwk, format: 'jwk' });
    expect(verify(null, Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
    const { iat, exp, ...said } = decode(claims) as { iat: number; exp: number };
    expect(said).toMatchObject({
      aud: 'license',
      sub: String(license.id),
      fingerprint: fingerprint(1),
      entitlements: ['studio'],
    });
    expect(exp - iat).toBe((14 * DAY_MS) / 1000);
    const soon = Date.now() + DAY_MS;
    await as(admin)
      .put(`/api/admin/licenses/${license.id}`)
      .send({ expiresAt: new Date(soon).toISOString() })
      .expect(200);
    const renewed = await activating(key, 1).expect(200);
    const { certificate: shorter } = (renewed.body as { data: { certificate: string } }).data;
    expect(decode(shorter.split('.')[1]!)).toMatchObject({ exp: Math.floor(soon / 1000) });
    const { key: onlineOnly } = await aLicense({ offlineDays: 0 });
    expect((await activated(onlineOnly, 1)).certificate).toBeNull();
  });

  const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

  /** Returns a code block of the document for client developers. */
  function readExample(language: string): string {
    const found = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(readFileSync(DOC, 'utf8'));
    return found![1]!;
  }

  it.each([
    ['sh', 'verify.sh', (script: string) => ['sh', [script]] as const],
    ['js', 'verify.mjs', (script: string) => [process.execPath, [script]] as const],
  ])('are verified by another program as the document shows: %s', async (language, name, toCommand) => {
    if (language === 'sh' && !hasOpenssl) return console.warn('openssl is not installed; its example is not run');
    const { key } = await aLicense();
    const { certificate } = await activated(key, 1);
    const { text } = await anonymous.get('/api/license-keys').expect(200);
    const folder = mkdtempSync(path.join(tmpdir(), 'certificate-'));
    const run = (changed: string) => {
      writeFileSync(path.join(folder, 'certificate.txt'), changed);
      writeFileSync(path.join(folder, 'keys.json'), text);
      const { data } = JSON.parse(text) as { data: { publicKey: string }[] };
      writeFileSync(path.join(folder, 'key.pem'), data.at(-1)!.publicKey);
      writeFileSync(path.join(folder, name), readExample(language));
      const [command, args] = toCommand(path.join(folder, name));
      return execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    };
    try {
      expect(run(certificate!)).toContain(`"fingerprint":"${fingerprint(1)}"`);
      const [header, claims, signature] = certificate!.split('.') as [string, string, string];
      const forged = Buffer.from(JSON.stringify({ ...decode(claims), entitlements: ['everything'] })).toString(
        'base64url',
      );
      expect(() => run(`${header}.${forged}.${signature}`)).toThrow();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('PostgreSQL', () => {
  it.each([
    [
      'an activation beyond the limit',
      'INSERT INTO license_activations (license_id, fingerprint) SELECT :id, repeat(n::text, 16) FROM generate_series(1, 4) n',
    ],
    [
      'the same device twice',
      `INSERT INTO license_activations (license_id, fingerprint) SELECT :id, 'the-same-device-0' FROM generate_series(1, 2) n`,
    ],
    ['a count that no activation has changed', 'UPDATE licenses SET activations_count = 1 WHERE id = :id'],
    ['a license that is deleted', 'DELETE FROM licenses WHERE id = :id'],
    ['a license of another user', 'UPDATE licenses SET user_id = user_id + 1 WHERE id = :id'],
    ['a license that is revoked at no time', `UPDATE licenses SET status = 'revoked' WHERE id = :id`],
  ])('refuses %s', async (_name, sql) => {
    const { license } = await aLicense();
    await expect(database.raw(sql, { id: license.id })).rejects.toMatchObject({
      code: expect.stringMatching(/^23/) as unknown,
    });
  });
});
