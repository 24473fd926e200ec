import type { ReportRange } from '../models/reports.model';
import { Joi, time } from './common.schemas';

export const reportQuery = Joi.object<Omit<ReportRange, 'eventId'>, true>({
  from: time().description('Only entries created at this time or later'),
  to: time().description('Only entries created before this time'),
});
