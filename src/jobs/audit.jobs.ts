import { chainAuditEntries } from '../services/audit.chain.service';
import type { Schedule } from '../services/schedules.service';

export const auditSchedules: Schedule[] = [{ name: 'chain audit entries', everySeconds: 5, run: chainAuditEntries }];
