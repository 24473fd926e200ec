import { finishErasures } from '../services/privacy/erase-account';
import type { Schedule } from '../services/schedules/run-schedules';

export const privacySchedules: Schedule[] = [{ name: 'finish erasures', everySeconds: 60, run: finishErasures }];
