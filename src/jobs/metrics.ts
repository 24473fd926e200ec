import { database } from '../database';
import { measureProcess, watchPool } from '../integrations/metrics';
import { registerQueueMetrics } from '../services/outbox/queue-metrics';
import { registerScheduleMetrics } from '../services/schedules/schedule-metrics';
import { messageJobs, queues } from '.';

/** Registers the gauges that /metrics shows besides a process's own counters. Call once when a process starts. */
export function startMetrics(): void {
  const queueOf = new Map<string, string>(messageJobs.map(({ topic, queue }) => [topic, queue]));
  measureProcess();
  watchPool('requests', database);
  registerQueueMetrics(
    queues.map(({ name }) => name),
    (topic) => queueOf.get(topic) ?? 'notification',
  );
  registerScheduleMetrics();
}
