import type { Circus } from '@jest/types';
import { ModuleMocker } from 'jest-mock';

type Process = NodeJS.Process & Record<string, unknown>;

/** Globals that Jest and its runner expect. */
const NATIVE: Record<string, unknown> = {
  'jest-native-promise': Promise,
  'jest-native-now': Date.now.bind(Date),
};

/** What files of a worker make for each other; see once-per-worker.ts. */
const workerMemory = new Map<string, unknown>();

/**
 * All files of a worker run in one realm, with the packages that are loaded already (see runtime.js): a realm for each
 * file costs seconds to fill. So whatever a file does to the process is undone when it ends.
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
    // Jest wants a hundred frames, and supertest makes an error for each `expect`.
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
