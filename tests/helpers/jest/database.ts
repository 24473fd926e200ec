import { closeDatabase, createKnex } from '../../../src/database';
import { closePasswords } from '../../../src/integrations/passwords';
import { closePdf } from '../../../src/integrations/pdf';
import { closeRedis } from '../../../src/integrations/redis';
import { closeStorage } from '../../../src/integrations/storage';
import { closeHealth } from '../../../src/services/health.service';
import { closeInventory } from '../../../src/services/inventory/execute';
import { closeAll } from './closing';
import { violations } from '../invariants';

// One connection, because each connection plans the checks once, which takes longer than most tests.
const checked = createKnex(process.env.DATABASE_URL ?? '', { max: 1, applicationName: 'bilten invariants' });

Object.assign(globalThis, {
  async closeFile(): Promise<void> {
    closeAll();
    await closePasswords();
    await closePdf();
    closeStorage();
    await closeInventory();
    await closeHealth();
    await checked.destroy();
    await closeDatabase();
    await closeRedis();
  },
});

// After any test, rows, counters and messages must still agree.
afterEach(async () => {
  const broken = await violations(checked);
  if (broken.length === 0) return;
  throw new Error(
    `The database violates invariants after this test:\n${broken.map(({ name, broken: by }) => `  ${name}: violated by ${by}`).join('\n')}`,
  );
});
