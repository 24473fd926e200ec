import type { Circus } from '@jest/types';
import { ModuleMocker } from 'jest-mock';

type Process = NodeJS.Process & Record<string, unknown>;

/** Globals that Jest and its runner expect. */
const NATIVE: Record<string, unknown> = {
  'jest-native-promise': Promise,
  'jest-native-now': Date.now.bind(Date),
};

/** What the test files of a worker share; see once-per-worker.ts. */
const workerMemory = new Map<string, unknown>();

/**
 * Runs all test files of a worker in one realm with the packages that are already loaded (see runtime.js), because filling a
 * realm for each file takes seconds. At the end of a file, `teardown` undoes what the file did to the process.
 */
export default class SharedEnvironment {
  readonly global = globalThis;
  readonly fakeTimers = null;
  readonly fakeTimersModern = null;
  readonly moduleMocker = new ModuleMocker(globalThis);
  private context: object | null = {};
  private readonly before = {
    environment: { ...process.env },
    globals: new Set(Reflect.ownKeys(globalThis)),
    console: globalThis.console,
    exit: (process as Process).exit,
    listeners: new Map(process.eventNames().map((name) => [name, new Set(process.rawListeners(name))])),
  };

  constructor() {
    for (const [name, value] of Object.entries(NATIVE))
      Object.defineProperty(globalThis, Symbol.for(name), { value, configurable: true });
    Object.defineProperty(globalThis, 'jest-symbol-do-not-touch', { value: Symbol, configurable: true });
    Object.assign(globalThis, { workerMemory });
  }

  async setup(): Promise<void> {
    // Jest sets 100 frames, which makes the error that supertest creates for each `expect` slow.
    Error.stackTraceLimit = 20;
  }

  handleTestEvent?(event: Circus.Event): Promise<void>;

  async teardown(): Promise<void> {
    this.context = null;
    const { environment, globals, listeners } = this.before;
    this.moduleMocker.restoreAllMocks();
    for (const name of Object.keys(process.env)) if (environment[name] === undefined) delete process.env[name];
    Object.assign(process.env, environment);
    for (const name of process.eventNames())
      for (const listener of process.rawListeners(name))
        if (!listeners.get(name)?.has(listener)) process.removeListener(name, listener as () => void);
    for (const key of Reflect.ownKeys(globalThis)) if (!globals.has(key)) Reflect.deleteProperty(globalThis, key);
    globalThis.console = this.before.console;
    process.exit = this.before.exit;
  }

  exportConditions(): string[] {
    return ['node', 'node-addons'];
  }

  getVmContext(): object | null {
    return this.context;
  }
}
