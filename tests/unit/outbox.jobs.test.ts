import type { QueuedMessage } from '../../src/models/outbox/claim-messages';
import { toJobs } from '../../src/services/outbox/to-jobs';

const message = (id: number, fields: Partial<QueuedMessage> = {}): QueuedMessage => ({
  id,
  topic: 'booking.confirmed',
  priority: 5,
  attempts: 0,
  ...fields,
});

const idsOf = (messages: QueuedMessage[], chunk: number): number[][] =>
  toJobs(messages, chunk).map(({ messageIds }) => messageIds);

describe('toJobs', () => {
  it('puts messages of one topic and priority into chunks', () => {
    const messages = [1, 2, 3, 4, 5].map((id) => message(id));
    expect(idsOf(messages, 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(toJobs(messages, 10)).toEqual([{ messageIds: [1, 2, 3, 4, 5], topic: 'booking.confirmed', priority: 5 }]);
  });

  it('keeps topics and priorities apart', () => {
    const messages = [message(1, { priority: 1 }), message(2), message(3, { topic: 'booking.cancelled' }), message(4)];
    expect(idsOf(messages, 10)).toEqual([[1], [2, 4], [3]]);
  });

  it('leaves a message that was attempted before alone, since it may have ended its process', () => {
    const messages = [message(1), message(2, { attempts: 1 }), message(3, { attempts: 1 }), message(4)];
    expect(idsOf(messages, 10)).toEqual([[1, 4], [2], [3]]);
  });
});
