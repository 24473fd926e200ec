import { closeDatabase, createKnex } from '../../../src/database';
import { closePasswords } from '../../../src/integrations/passwords';
import { closePdf } from '../../../src/integrations/pdf';
import { closeRedis } from '../../../src/integrations/redis';
import { closeStorage } from '../../../src/integrations/storage';
import { closeHealth } from '../../../src/services/health.service';
import { closeInventory } from '../../../src/services/inventory/execute';
import { closeAll } from './closing';
import { violations } from '../invariants';

// On one connection, since each would have to plan the checks: that takes longer than everything else most tests do.
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

// Whatever a test did, what holds between rows, counters and messages has to hold still.
afterEach(async () => {
  const broken = await violations(checked);
  if (broken.length === 0) return;
  throw new Error(
    `The database is wrong after this test:\n${broken.map(({ name, broken: by }) => `  ${name}: not so by ${by}`).join('\n')}`,
  );
});
