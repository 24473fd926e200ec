import type { QueueName } from '../integrations/queue/names';
import type { Handler, LeasedMessage } from '../services/outbox/handle-message';
import type { Topic } from '../services/outbox/add-messages';

export interface MessageJob {
  topic: Topic;
  queue: QueueName;
  handle: Handler;
}

/** Checks a handler against what messages of its topic carry, and forgets that, so that jobs fit one list. */
export function job<T extends Topic>(
  topic: T,
  queue: QueueName,
  handle: (message: LeasedMessage<T>) => ReturnType<Handler>,
): MessageJob {
  return { topic, queue, handle: handle as Handler };
}
