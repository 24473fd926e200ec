import { database } from '../../src/database';
import { eventually } from './servers/processes';

export interface MessageRow {
  id: number;
  topic: string;
  payload: Record<string, unknown>;
  status: string;
  attempts: number;
  progress: number;
  last_error: string | null;
}

/** Returns the messages of a topic, in order. */
export async function messagesOf(topic: string): Promise<MessageRow[]> {
  return database('outbox_messages').where({ topic }).orderBy('id').select<MessageRow[]>('*');
}

/** Waits until all messages are done or parked. */
export async function allDone(): Promise<void> {
  await eventually(
    async () => !(await database('outbox_messages').whereNotIn('status', ['done', 'parked']).first('id')),
    () => 'messages are left',
  );
}

/** Makes failed messages due at once, so that the test does not wait for their retry. */
export async function hurryDelayed(): Promise<void> {
  await database('outbox_messages').where({ status: 'delayed' }).update({ available_at: database.fn.now() });
}

/** Makes queued messages look as if they were queued long ago. */
export async function ageQueued(): Promise<void> {
  await database('outbox_messages')
    .where({ status: 'queued' })
    .update({ queued_at: database.raw("now() - interval '1 minute'") });
}
