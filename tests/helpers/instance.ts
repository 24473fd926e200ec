import type { Express } from 'express';
import { clientOf, type Client } from './client';

export interface Instance {
  app: Express;
  as(token: string): Client;
  anonymous: Client;
  /** Starts polling as a server process does. Without it, this instance looks up revocations only on request. */
  startRevocationPolling(): void;
  close(): Promise<void>;
}

/** Starts an API that behaves like another process: same database, but separate modules, caches and settings. */
export function startInstance(environment: Record<string, string> = {}): Instance {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  let instance: Instance | undefined;
  jest.isolateModules(() => {
    const { createApp } = jest.requireActual<typeof import('../../src/app')>('../../src/app');
    const { closeDatabase } = jest.requireActual<typeof import('../../src/database')>('../../src/database');
    const { closePasswords } = jest.requireActual<typeof import('../../src/integrations/passwords')>(
      '../../src/integrations/passwords',
    );
    const { closeBoardQueues } = jest.requireActual<typeof import('../../src/integrations/queue/board')>(
      '../../src/integrations/queue/board',
    );
    const { closeRedis } =
      jest.requireActual<typeof import('../../src/integrations/redis')>('../../src/integrations/redis');
    const { closeHealth } = jest.requireActual<typeof import('../../src/services/health.service')>(
      '../../src/services/health.service',
    );
    const { closeInventory } = jest.requireActual<typeof import('../../src/services/inventory/execute')>(
      '../../src/services/inventory/execute',
    );
    const { closeRealtimeUpdates } = jest.requireActual<typeof import('../../src/services/realtime/realtime-updates')>(
      '../../src/services/realtime/realtime-updates',
    );
    const { startRevocationPolling } = jest.requireActual<typeof import('../../src/services/access/revocations')>(
      '../../src/services/access/revocations',
    );
    const app = createApp();
    const stops: (() => void)[] = [];
    instance = {
      app,
      as: (token) => clientOf(() => app, { Authorization: `Bearer ${token}` }),
      anonymous: clientOf(() => app),
      startRevocationPolling: () => void stops.push(startRevocationPolling()),
      async close() {
        for (const stop of stops) stop();
        await closePasswords();
        await closeBoardQueues();
        await closeInventory();
        await closeRealtimeUpdates();
        await closeHealth();
        await closeDatabase();
        await closeRedis();
      },
    };
  });
  for (const name of Object.keys(environment)) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  return instance!;
}
