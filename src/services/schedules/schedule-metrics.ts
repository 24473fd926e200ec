import { registerGauge } from '../../integrations/metrics';
import { cachedFor } from '../../lib/cached-for';
import { readScheduleMetrics } from '../../models/schedules/schedule-metrics';
import { probe } from '../health.service';

/** Returns when each schedule last ran and whether it failed. The most recent run shows when a worker was last alive. */
export const readSchedules = cachedFor(1000, () => readScheduleMetrics(probe.ask));

/** Registers gauges for the schedules, which show nothing while PostgreSQL is unavailable. */
export function registerScheduleMetrics(): void {
  const labels = ['schedule'] as const;
  const name = 'bilten_schedule_age_seconds';
  const help = 'Time since the last run of a schedule, the same in every process';
  registerGauge({ name, help, labels }, async (set) => {
    for (const { name, ageSeconds } of await readSchedules().catch(() => [])) set(ageSeconds, { schedule: name });
  });
  registerGauge({ name: 'bilten_schedule_failed', help: '1 if the last run failed', labels }, async (set) => {
    for (const { name, hasFailed } of await readSchedules().catch(() => [])) set(Number(hasFailed), { schedule: name });
  });
}
