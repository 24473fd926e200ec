import { checkSystem } from '../services/system.service';

export function health() {
  return checkSystem();
}
