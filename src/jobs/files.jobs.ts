import { deleteAbandonedUploads, removeOrphans, handleFileDeleted } from '../services/files/clean-up-files';
import type { Schedule } from '../services/schedules/run-schedules';
import { job } from './job';

export const filesJobs = [job('file.deleted', 'maintenance', handleFileDeleted)];

export const filesSchedules: Schedule[] = [
  { name: 'drop abandoned uploads', everySeconds: 3600, run: deleteAbandonedUploads },
  { name: 'remove orphaned files', everySeconds: 86_400, run: removeOrphans },
];
