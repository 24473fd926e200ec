import type { Job } from '../../integrations/queue';
import { groupBy, splitIntoChunks } from '../../lib/chunks';
import type { QueuedMessage } from '../../models/outbox/claim-messages';

/** Groups messages into jobs. A message that was attempted before is alone, so that one which ends its process ends no others. */
export function toJobs(messages: QueuedMessage[], chunk: number): Job[] {
  const groups = groupBy(messages, ({ id, topic, priority, attempts }) =>
    attempts > 0 ? String(id) : `${topic} ${priority}`,
  );
  return [...groups.values()].flatMap((group) =>
    splitIntoChunks(chunk, group).map((part) => ({
      messageIds: part.map(({ id }) => id),
      topic: part[0]!.topic,
      priority: part[0]!.priority,
    })),
  );
}
