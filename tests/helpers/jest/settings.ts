import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

// Only tests that ask for Redis use it. The others run without it, even if the shell sets REDIS_URL.
if (process.env.REDIS_URL) process.env.TEST_REDIS_URL ??= process.env.REDIS_URL;
delete process.env.REDIS_URL;

// Tests ignore the developer's settings in the shell and in .env.
const example = path.join(__dirname, '..', '..', '..', '.env.example');
const ours = ['DATABASE_URL', 'DATABASE_OWNER_URL', 'DATA_DIR'];
if (existsSync(example)) {
  const text = readFileSync(example, 'utf8');
  const names = [...text.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map(([, name = '']) => name);
  const parts = [...text.matchAll(/^# Instead: (.*)$/gm)].flatMap(([, list = '']) => list.split(', '));
  for (const name of [...names, ...parts]) if (!ours.includes(name)) delete process.env[name];
}

Object.assign(process.env, {
  DOTENV_CONFIG_PATH: path.join(__dirname, 'no.env'),
  NODE_ENV: 'test',
  // Strong enough for production, because some tests run the program with NODE_ENV=production.
  JWT_SECRET: 'W7g2mXq4Zt9Bv1Lr6Yk8Nc3Hd5Jf0Ps2Ua',
  BCRYPT_COST: '4',
  RATE_LIMIT_MAX_REQUESTS: '0',
});
