import { readdirSync } from 'node:fs';
import os from 'node:os';
import bcrypt from 'bcryptjs';
import { config } from '../../src/config';
import { closePasswords, hashPassword, isHashOutdated, matchesHash } from '../../src/integrations/passwords';

afterAll(closePasswords);

describe('hashPassword', () => {
  it('creates a bcrypt hash of the configured cost, different each time', async () => {
    const [one, two] = await Promise.all([hashPassword('a pass phrase'), hashPassword('a pass phrase')]);
    expect(bcrypt.getRounds(one)).toBe(config.bcryptCost);
    expect(one).not.toBe(two);
    expect(await bcrypt.compare('a pass phrase', one)).toBe(true);
  });

  it('runs on threads with a lower priority than the thread that serves requests', async () => {
    const ours = os.getPriority(process.pid);
    await Promise.all(Array.from({ length: 4 }, () => hashPassword('a pass phrase')));
    expect(os.getPriority(process.pid)).toBe(ours);
    // Only Linux has a priority per thread.
    if (os.platform() !== 'linux') return;
    const priorities = readdirSync('/proc/self/task').map((id) => os.getPriority(Number(id)));
    expect(Math.max(...priorities)).toBeGreaterThan(ours);
  });
});

describe('isPasswordOf', () => {
  it('accepts only the right password', async () => {
    const hash = await hashPassword('a pass phrase');
    expect(await matchesHash('a pass phrase', hash)).toBe(true);
    expect(await matchesHash('a pass phrasE', hash)).toBe(false);
  });

  it('accepts no password if there is no hash or if it is longer than bcrypt reads', async () => {
    expect(await matchesHash('a pass phrase', undefined)).toBe(false);
    const hash = await hashPassword('x'.repeat(72));
    expect(await matchesHash('x'.repeat(72), hash)).toBe(true);
    expect(await matchesHash('x'.repeat(73), hash)).toBe(false);
  });
});

describe('isHashOutdated', () => {
  it('is true if the cost differs from the setting', async () => {
    expect(isHashOutdated(await hashPassword('a pass phrase'))).toBe(false);
    expect(isHashOutdated(await bcrypt.hash('a pass phrase', config.bcryptCost + 1))).toBe(true);
  });
});
