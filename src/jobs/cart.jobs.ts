import { cleanUpCarts } from '../services/cart/clean-up-carts';
import type { Schedule } from '../services/schedules/run-schedules';

export const cartSchedules: Schedule[] = [{ name: 'delete expired carts', everySeconds: 3600, run: cleanUpCarts }];
