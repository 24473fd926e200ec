import type { Handler, LeasedMessage } from '../services/outbox.handle.service';
import type { Topic } from '../services/outbox.service';

/** `email` is for what ends with one mail, `sms` with one text message, `notification` for what reaches many people at once, `payments` for money, `maintenance` for tidying up. */
export type QueueName = 'email' | 'sms' | 'notification' | 'payments' | 'maintenance';

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
