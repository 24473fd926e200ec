import { checkSystem } from '../services/system/check-system';

export function health() {
  return checkSystem();
}
