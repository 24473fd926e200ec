import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { database } from '../../database';
import { createHistogram } from '../../integrations/metrics';
import { runInJob } from '../../runtime/job-context';
import { cutText } from '../../lib/text/cut-text';
import { logger } from '../../logger';
import { claimTurn, updateLastError } from '../../models/schedules/schedules';

export interface Schedule {
  name: string;
  everySeconds: number;
  run: () => Promise<number | void>;
}

export interface RunningSchedules {
  /** Stops the schedules after running ones have finished. */
  stop(): Promise<void>;
}

const ERROR_PAUSE_MS = 1000;
// The longest wait before asking again, because the database's clock may be changed, and timers are limited to 25 days.
const MAX_PAUSE_MS = 60_000;

const runSeconds = createHistogram({
  name: 'bilten_schedule_duration_seconds',
  help: 'Duration of schedule runs',
  labels: ['schedule', 'outcome'],
});

async function runDueSchedule({ name, run }: Schedule): Promise<void> {
  const start = performance.now();
  let problem: string | null = null;
  try {
    const count = await run();
    if (count) logger.info({ count }, 'A schedule ran');
  } catch (error) {
    logger.warn({ err: error }, 'A schedule failed and will run again at its next turn');
    problem = cutText((error as Error).message, { max: 1000 });
  }
  runSeconds.observe(
    { schedule: name, outcome: problem === null ? 'done' : 'failed' },
    (performance.now() - start) / 1000,
  );
  await updateLastError(database, name, problem);
}

/** Runs each schedule when it is due, in only one of the processes. */
export function startSchedules(schedules: Schedule[]): RunningSchedules {
  const stopping = new AbortController();
  const { signal } = stopping;
  // Every schedule listens to the signal.
  setMaxListeners(schedules.length + 1, signal);

  async function takeTurn(schedule: Schedule): Promise<number> {
    const since = performance.now();
    const { isOurs, waitMs } = await claimTurn(database, schedule.name, schedule.everySeconds);
    if (isOurs) await runInJob({ job: schedule.name }, () => runDueSchedule(schedule));
    return Math.min(MAX_PAUSE_MS, Math.max(10, waitMs - (performance.now() - since)));
  }

  async function runRepeatedly(schedule: Schedule): Promise<void> {
    let isFailing = false;
    while (!signal.aborted) {
      const ms = await takeTurn(schedule).catch((error: Error) => {
        if (!isFailing) logger.warn({ schedule: schedule.name, err: error }, 'A schedule could not claim its turn');
        return undefined;
      });
      isFailing = ms === undefined;
      await sleep(ms ?? ERROR_PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  const running = schedules.map(runRepeatedly);
  return {
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}
