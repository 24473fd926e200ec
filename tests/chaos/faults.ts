import { setTimeout as sleep } from 'node:timers/promises';
import Redis from 'ioredis';
import type { Random } from './random';
import type { Stage } from './stage';

export interface Fault {
  name: string;
  /** Breaks something and, where that does not heal by itself, mends it again. Resolves when nothing is broken any more. */
  strike(stage: Stage, random: Random): Promise<void>;
}

async function toRedis(stage: Stage, command: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(stage.redis().url, { maxRetriesPerRequest: 1 });
  redis.on('error', () => undefined);
  await command(redis).catch(() => undefined);
  redis.disconnect();
}

const kills: Fault[] = [
  {
    name: 'kill -9 of an API',
    async strike({ apis }, random) {
      random.pick(apis).kill();
    },
  },
  {
    name: 'kill -9 of a worker',
    async strike({ workers }, random) {
      random.pick(workers).kill();
    },
  },
  {
    name: 'kill -9 of PostgreSQL',
    async strike(stage) {
      stage.killPostgres();
    },
  },
  { name: 'kill -9 of Redis', strike: (stage) => stage.killRedis() },
  {
    name: 'COMMIT forwarded, reply dropped',
    async strike({ proxy }) {
      await Promise.race([proxy.dropNextCommitReply(), sleep(2000)]);
      proxy.passReplies();
    },
  },
];

const outages: Fault[] = [
  {
    name: 'PostgreSQL hangs',
    async strike({ proxy }, random) {
      proxy.hang();
      await sleep(random.between(500, 2500));
      proxy.up();
    },
  },
  {
    name: 'packets to PostgreSQL are lost',
    async strike({ proxy }, random) {
      proxy.blackhole();
      await sleep(random.between(500, 2500));
      proxy.up();
    },
  },
  {
    name: 'PostgreSQL refuses connections',
    async strike({ proxy }, random) {
      proxy.down();
      await sleep(random.between(500, 2000));
      proxy.up();
    },
  },
  { name: 'Redis is flushed', strike: (stage) => toRedis(stage, (redis) => redis.flushall()) },
  {
    name: 'Redis is full',
    async strike(stage, random) {
      await toRedis(stage, (redis) => redis.config('SET', 'maxmemory', '1'));
      await sleep(random.between(500, 2500));
      await toRedis(stage, (redis) => redis.config('SET', 'maxmemory', '0'));
    },
  },
  {
    name: 'Redis hangs',
    async strike(stage, random) {
      const { pid } = stage.redis();
      process.kill(pid, 'SIGSTOP');
      await sleep(random.between(500, 2500));
      process.kill(pid, 'SIGCONT');
    },
  },
  {
    name: 'an API is restarted in good order',
    async strike({ apis }, random) {
      await random.pick(apis).restart();
    },
  },
];

export const faults = [...kills, ...outages];

export interface Struck {
  name: string;
  /** When the fault was over. */
  at: number;
}

/** Strikes with each kill `times` times and with each outage half as often, in an order that the seed determines. */
export function schedule(random: Random, times: number): Fault[] {
  const repeat = (fault: Fault, count: number): Fault[] => Array.from({ length: count }, () => fault);
  return random.shuffle([
    ...kills.flatMap((fault) => repeat(fault, times)),
    ...outages.flatMap((fault) => repeat(fault, Math.ceil(times / 2))),
  ]);
}

/** Strikes with one fault after the other, with pauses in which some heal and some do not. */
export async function strikeAll(stage: Stage, random: Random, plan: Fault[]): Promise<Struck[]> {
  const struck: Struck[] = [];
  for (const fault of plan) {
    await sleep(random.between(300, 1500));
    await fault.strike(stage, random);
    struck.push({ name: fault.name, at: Date.now() });
  }
  return struck;
}
