import { registerGauge } from '../../integrations/metrics';
import { cachedFor } from '../../lib/cached-for';
import { readTopicMetrics, type TopicMetrics } from '../../models/outbox/queue-metrics';
import { probe } from '../health.service';
import type { Topic } from './add-messages';

export interface QueueMetrics {
  queue: string;
  status: TopicMetrics['status'];
  count: number;
  oldestSeconds: number;
}

let queueByTopic: (topic: Topic) => string = () => 'notification';

const readTopics = cachedFor(5000, () => readTopicMetrics(probe.ask));

/** Returns the unfinished messages of each queue by status, at most 5 s old. Rejects while PostgreSQL is unavailable. */
export async function readQueueMetrics(): Promise<QueueMetrics[]> {
  const byQueue = new Map<string, QueueMetrics>();
  for (const { topic, status, count, oldestSeconds } of await readTopics()) {
    const queue = queueByTopic(topic as Topic);
    const key = `${queue} ${status}`;
    const known = byQueue.get(key) ?? { queue, status, count: 0, oldestSeconds: 0 };
    byQueue.set(key, {
      ...known,
      count: known.count + count,
      oldestSeconds: Math.max(known.oldestSeconds, oldestSeconds),
    });
  }
  return [...byQueue.values()];
}

/** Registers gauges of unfinished messages; `queue` returns the queue of a topic. */
export function registerQueueMetrics(queues: string[], queue: (topic: Topic) => string): void {
  queueByTopic = queue;
  const labels = ['queue', 'status'] as const;
  const statuses = ['new', 'queued', 'delayed', 'parked'] as const;
  const empty = queues.flatMap((name) => statuses.map((status) => ({ queue: name, status })));

  function show(name: string, help: string, pick: (metrics: QueueMetrics) => number): void {
    registerGauge({ name, help, labels }, async (set) => {
      // While PostgreSQL is unavailable the numbers are unknown, so nothing is shown rather than 0.
      const metrics = await readQueueMetrics().catch(() => undefined);
      if (!metrics) return;
      for (const nothing of empty) set(0, nothing);
      for (const metric of metrics) set(pick(metric), { queue: metric.queue, status: metric.status });
    });
  }
  show('bilten_messages', 'Unfinished messages in the outbox, the same in every process', ({ count }) => count);
  show('bilten_message_age_seconds', 'Age of the oldest unfinished message', ({ oldestSeconds }) => oldestSeconds);
}
