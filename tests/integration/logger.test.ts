import fs from 'node:fs';
import { PASSWORD, registerUser } from '../helpers/accounts';
import { startInstance } from '../helpers/instance';
import { execute } from '../helpers/postgres';

const STDOUT = 1;
const ownerUrl = process.env.DATABASE_OWNER_URL!;

/** What an instance that logs everything writes while `work` runs. */
async function logOf(work: (instance: ReturnType<typeof startInstance>) => Promise<void>): Promise<string> {
  let written = '';
  const write = fs.write as (...args: unknown[]) => void;
  const spy = jest.spyOn(fs, 'write').mockImplementation(((fd: number, text: unknown, ...rest: unknown[]) => {
    if (fd !== STDOUT) return write(fd, text, ...rest);
    written += String(text);
    (rest.at(-1) as (error: null, bytes: number) => void)(null, Buffer.byteLength(String(text)));
  }) as never);
  const instance = startInstance({ NODE_ENV: 'development', LOG_LEVEL: 'debug' });
  try {
    await work(instance);
    await new Promise((resolve) => setTimeout(resolve, 100));
  } finally {
    await instance.close();
    spy.mockRestore();
  }
  return written;
}

describe('log lines', () => {
  it('hold no password and no token, whatever is sent where', async () => {
    const user = await registerUser();
    const secrets = [PASSWORD, 'a misplaced pass phrase', user.token];
    const log = await logOf(async ({ anonymous, as }) => {
      const { body } = await anonymous.post('/api/auth/login').send({ email: user.user.email, password: PASSWORD });
      secrets.push(body.data.token, body.data.refreshToken);
      const { body: pair } = await anonymous.post('/api/auth/refresh').send({ refreshToken: body.data.refreshToken });
      secrets.push(pair.data.token, pair.data.refreshToken);
      await anonymous.post('/api/auth/login').send({ email: user.user.email, password: 'a misplaced pass phrase' });
      await anonymous
        .post('/api/auth/login?password=a%20misplaced%20pass%20phrase')
        .send('{"password":"a misplaced pass phrase"');
      await anonymous
        .post('/api/auth/register')
        .send({ email: user.user.email, password: PASSWORD, passphrase: 'a misplaced pass phrase' });
      await anonymous.post('/api/auth/reset-password').send({ token: pair.data.refreshToken, password: PASSWORD });
      await as(user.token).get(`/api/auth/profile?token=${user.token}`);
      await anonymous.get('/api/unsubscribe/messages.u1.aTokenThatNobodyMaySee');
      await as(user.token)
        .put('/api/auth/change-password')
        .send({ currentPassword: PASSWORD, newPassword: 'a misplaced pass phrase' });
      // A failure of ours is logged with its cause, statement and all.
      await execute(ownerUrl, 'ALTER TABLE sessions RENAME COLUMN expires_at TO valid_until');
      const failed = await anonymous
        .post('/api/auth/login')
        .send({ email: user.user.email, password: 'a misplaced pass phrase' });
      expect([failed.status, failed.body.error.code]).toEqual([500, 'INTERNAL_ERROR']);
      expect(failed.text).not.toMatch(/sessions|column|INSERT/);
    });
    expect(log.match(/"path":"\/api\/auth\/login","status":200/g)).toHaveLength(1);
    expect(log.match(/"msg":"request"/g)!.length).toBeGreaterThanOrEqual(8);
    expect(log).toContain('INSERT INTO sessions');
    expect(log).toContain('"path":"/api/unsubscribe/:token"');
    expect(log).not.toContain('aTokenThatNobodyMaySee');
    for (const secret of secrets) {
      expect(log).not.toContain(secret);
      expect(log).not.toContain(encodeURIComponent(secret));
    }
  });
});
