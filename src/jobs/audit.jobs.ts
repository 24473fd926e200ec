import { chainAuditEntries } from '../services/audit/audit-chain';
import type { Schedule } from '../services/schedules/run-schedules';

export const auditSchedules: Schedule[] = [{ name: 'chain audit entries', everySeconds: 5, run: chainAuditEntries }];
