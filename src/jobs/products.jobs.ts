import { forgetViewers, refreshProductPopularity } from '../services/products/count-views';
import type { Schedule } from '../services/schedules/run-schedules';

export const productsSchedules: Schedule[] = [
  { name: 'forget viewers of products', everySeconds: 300, run: forgetViewers },
  { name: 'refresh popularity of products', everySeconds: 120, run: refreshProductPopularity },
];
