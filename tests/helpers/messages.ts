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

/** Messages of a topic, in order. */
export async function messagesOf(topic: string): Promise<MessageRow[]> {
  return database('outbox_messages').where({ topic }).orderBy('id').select<MessageRow[]>('*');
}

/** Waits until nothing is left to be done; parked messages are left out. */
export async function allDone(): Promise<void> {
  await eventually(
    async () => !(await database('outbox_messages').whereNotIn('status', ['done', 'parked']).first('id')),
    () => 'messages are left',
  );
}

/** Spares the test the time that failed messages wait before they are tried again. */
export async function hurryDelayed(): Promise<void> {
  await database('outbox_messages').where({ status: 'delayed' }).update({ available_at: database.fn.now() });
}

/** Makes messages that were handed to a queue long ago of those that just were. */
export async function ageQueued(): Promise<void> {
  await database('outbox_messages')
    .where({ status: 'queued' })
    .update({ queued_at: database.raw("now() - interval '1 minute'") });
}
