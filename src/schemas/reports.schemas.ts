import type { ReportRange } from '../models/reports.model';
import { Joi, time } from './common.schemas';

export const reportQuery = Joi.object<ReportRange, true>({
  from: time().description('Made at this time or later'),
  to: time().description('Made before this time'),
});
