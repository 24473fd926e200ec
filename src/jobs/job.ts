import type { QueueName } from '../integrations/queue/names';
import type { Handler, LeasedMessage } from '../services/outbox/handle-messages';
import type { Topic } from '../services/outbox/add-messages';

export interface MessageJob {
  topic: Topic;
  queue: QueueName;
  handle: Handler;
}

/** Creates a job. Checks the handler against the payload of its topic, then drops that type, so that all jobs fit in one list. */
export function job<T extends Topic>(
  topic: T,
  queue: QueueName,
  handle: (message: LeasedMessage<T>) => ReturnType<Handler>,
): MessageJob {
  return { topic, queue, handle: handle as Handler };
}
