import { database } from '../../src/database';
import { schedules } from '../../src/jobs';
import { startSchedules, type RunningSchedules } from '../../src/services/schedules/run-schedules';
import { cleanUpIdempotencyKeys } from '../../src/services/idempotency.service';
import { cleanUpOutbox } from '../../src/services/outbox/clean-up-outbox';
import { registerUser } from '../helpers/accounts';
import { eventually } from '../helpers/servers/processes';

const running: RunningSchedules[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
  await database('schedules').delete();
});

function follow(name: string, everySeconds: number, run: () => Promise<number | void>): void {
  running.push(startSchedules([{ name, everySeconds, run }]));
}

describe('schedules', () => {
  it('run in one process at a time, even with several workers', async () => {
    const runs: string[] = [];
    for (const who of ['a', 'b', 'c']) follow('shared', 3600, async () => void runs.push(who));
    await eventually(async () => (await database('schedules').where({ name: 'shared' }).first())?.last_run_at);
    await running[0]!.stop();
    await running[1]!.stop();
    await running[2]!.stop();
    expect(runs).toHaveLength(1);
  });

  it('run repeatedly, even after a failure, which is recorded', async () => {
    let count = 0;
    let goOn: () => void = () => undefined;
    const failureSeen = new Promise<void>((resolve) => (goOn = resolve));
    follow('often', 0.05, async () => {
      count += 1;
      if (count === 2) throw new Error('out of order');
      if (count === 3) await failureSeen;
    });
    await eventually(
      async () => (await database('schedules').where({ name: 'often' }).first())?.last_error === 'out of order',
    );
    goOn();
    await eventually(() => count > 3);
    await eventually(async () => (await database('schedules').where({ name: 'often' }).first()).last_error === null);
  });

  it('finish the current run when they stop', async () => {
    let finish: () => void = () => undefined;
    let hasFinished = false;
    let hasStarted = false;
    follow('long', 3600, async () => {
      hasStarted = true;
      await new Promise<void>((resolve) => (finish = resolve));
      hasFinished = true;
    });
    await eventually(() => hasStarted);
    const stopped = running[0]!.stop();
    finish();
    await stopped;
    expect(hasFinished).toBe(true);
  });

  it('have unique names', () => {
    expect(new Set(schedules.map(({ name }) => name)).size).toBe(schedules.length);
  });
});

describe('cleaning up', () => {
  it('deletes messages that were done a week ago, and their effects', async () => {
    const long = database.raw("now() - interval '8 days'");
    const [old] = await database('outbox_messages')
      .insert({ topic: 'x', payload: {}, status: 'done', done_at: long })
      .returning<{ id: number }[]>('id');
    await database('message_effects').insert({ message_id: old!.id, handler: 'email' });
    const kept = await database('outbox_messages')
      .insert([
        { topic: 'x', payload: {}, status: 'done', done_at: database.raw("now() - interval '6 days'") },
        { topic: 'x', payload: {}, status: 'parked', parked_at: long, created_at: long },
      ])
      .returning<{ id: number }[]>('id');
    expect(await cleanUpOutbox()).toBe(1);
    expect(await database('outbox_messages').orderBy('id').pluck('id')).toEqual(kept.map(({ id }) => id));
    expect(await database('message_effects')).toEqual([]);
    await database('outbox_messages').delete();
  });

  it('deletes idempotency keys after a day', async () => {
    const { user } = await registerUser();
    const key = { user_id: user.id, fingerprint: 'x' };
    await database('idempotency_keys').insert([
      { ...key, key: 'old', expires_at: database.raw("now() - interval '1 minute'") },
      { ...key, key: 'new' },
    ]);
    expect(await cleanUpIdempotencyKeys()).toBe(1);
    expect(await database('idempotency_keys').pluck('key')).toEqual(['new']);
  });
});
