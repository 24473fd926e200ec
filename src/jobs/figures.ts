import { database } from '../database';
import { measureProcess, watchPool } from '../integrations/metrics';
import { watchQueues } from '../services/outbox.figures.service';
import { watchSchedules } from '../services/schedules.figures.service';
import { messageJobs, queues } from '.';

/** Begins what /metrics of a process shows beside what it counts; where a process starts. */
export function startFigures(): void {
  const queueOf = new Map<string, string>(messageJobs.map(({ topic, queue }) => [topic, queue]));
  measureProcess();
  watchPool('requests', database);
  watchQueues(
    queues.map(({ name }) => name),
    (topic) => queueOf.get(topic) ?? 'notification',
  );
  watchSchedules();
}
