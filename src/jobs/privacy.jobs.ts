import { finishErasures } from '../services/privacy.erase.service';
import type { Schedule } from '../services/schedules.service';

export const privacySchedules: Schedule[] = [{ name: 'finish erasures', everySeconds: 60, run: finishErasures }];
