import { cleanUpIdempotencyKeys } from '../services/idempotency.service';
import { cleanUpOutbox } from '../services/outbox/clean-up-outbox';
import type { Schedule } from '../services/schedules/run-schedules';

export const outboxSchedules: Schedule[] = [
  { name: 'clean up messages', everySeconds: 3600, run: cleanUpOutbox },
  { name: 'clean up idempotency keys', everySeconds: 3600, run: cleanUpIdempotencyKeys },
];
