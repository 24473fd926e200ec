import fs from 'node:fs';
import { PASSWORD, registerUser } from '../helpers/accounts';
import { startInstance } from '../helpers/instance';
import { execute } from '../helpers/servers/postgres';

const STDOUT = 1;
// In production, lines are written once a second.
const GATHERED_MS = 1500;
const ownerUrl = process.env.DATABASE_OWNER_URL!;

/** Returns what an instance logs at the level debug while `work` runs. */
async function logOf(
  settings: Record<string, string>,
  work: (instance: ReturnType<typeof startInstance>) => Promise<void>,
): Promise<string> {
  let written = '';
  const write = fs.write as (...args: unknown[]) => void;
  const spy = jest.spyOn(fs, 'write').mockImplementation(((fd: number, text: unknown, ...rest: unknown[]) => {
    if (fd !== STDOUT) return write(fd, text, ...rest);
    written += String(text);
    (rest.at(-1) as (error: null, bytes: number) => void)(null, Buffer.byteLength(String(text)));
  }) as never);
  const instance = startInstance({ LOG_LEVEL: 'debug', ...settings });
  try {
    await work(instance);
    await new Promise((resolve) => setTimeout(resolve, GATHERED_MS));
  } finally {
    await instance.close();
    spy.mockRestore();
  }
  return written;
}

const FORMS: { form: string; settings: Record<string, string>; signIn: RegExp; request: RegExp; masked: string }[] = [
  {
    form: 'readable in development',
    settings: { NODE_ENV: 'development' },
    signIn: /^POST \/api\/auth\/login 200 [\d.]+ ms - \d+$|^POST \/api\/auth\/login 200 \d+ - [\d.]+ ms$/gm,
    request: /^(GET|POST|PUT) \/\S+ \d{3} /gm,
    masked: 'GET /api/unsubscribe/:token ',
  },
  {
    form: 'structured in production',
    settings: { NODE_ENV: 'production', BCRYPT_COST: '10' },
    signIn: /"path":"\/api\/auth\/login","status":200/g,
    request: /"msg":"request"/g,
    masked: '"path":"/api/unsubscribe/:token"',
  },
];

describe.each(FORMS)('log lines, $form,', ({ settings, signIn, request, masked }) => {
  afterEach(() => execute(ownerUrl, 'ALTER TABLE sessions RENAME COLUMN valid_until TO expires_at'));

  it('contain no password and no token, wherever a request sends them', async () => {
    const user = await registerUser();
    const secrets = [PASSWORD, 'a misplaced pass phrase', user.token];
    const log = await logOf(settings, async ({ anonymous, as }) => {
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
      // An internal error is logged with its cause, including the statement.
      await execute(ownerUrl, 'ALTER TABLE sessions RENAME COLUMN expires_at TO valid_until');
      const failed = await anonymous
        .post('/api/auth/login')
        .send({ email: user.user.email, password: 'a misplaced pass phrase' });
      expect([failed.status, failed.body.error.code]).toEqual([500, 'INTERNAL_ERROR']);
      expect(failed.text).not.toMatch(/sessions|column|INSERT/);
    });
    expect(log.match(signIn)).toHaveLength(1);
    expect(log.match(request)!.length).toBeGreaterThanOrEqual(8);
    expect(log).toContain('INSERT INTO sessions');
    expect(log).toContain(masked);
    expect(log).not.toContain('aTokenThatNobodyMaySee');
    for (const secret of secrets) {
      expect(log).not.toContain(secret);
      expect(log).not.toContain(encodeURIComponent(secret));
    }
  });
});
