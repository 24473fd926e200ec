import { registerGauge } from '../../integrations/metrics';
import { cachedFor } from '../../lib/cached-for';
import { readScheduleMetrics } from '../../models/schedules/schedule-metrics';
import { probe } from '../health.service';

/** When each schedule had its last turn, and whether it failed then; the most recent one says when a worker was last alive. */
export const readSchedules = cachedFor(1000, () => readScheduleMetrics(probe.ask));

/** Shows them, while PostgreSQL is there to be asked. */
export function registerScheduleMetrics(): void {
  const labels = ['schedule'] as const;
  const name = 'bilten_schedule_age_seconds';
  const help = 'Time since the last turn of a schedule, the same in every process';
  registerGauge({ name, help, labels }, async (set) => {
    for (const { name, ageSeconds } of await readSchedules().catch(() => [])) set(ageSeconds, { schedule: name });
  });
  registerGauge({ name: 'bilten_schedule_failed', help: '1 where that turn failed', labels }, async (set) => {
    for (const { name, hasFailed } of await readSchedules().catch(() => [])) set(Number(hasFailed), { schedule: name });
  });
}
