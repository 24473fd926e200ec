import type { AlternativesSchema } from 'joi';
import type { Analyze } from '../services/analytics/analyze';
import { revenue } from './revenue.schemas';
import {
  Joi,
  outCount,
  outCountOrNull,
  outId,
  outList,
  outObject,
  outText,
  outTime,
  outTimeOrNull,
  time,
  timeZone,
} from './common.schemas';
import { systemSummary } from './system.schemas';

const timezone = () => timeZone().default('UTC').description('IANA time zone whose days are meant');

export const dashboardQuery = Joi.object<{ timezone: string }, true>({ timezone: timezone() });

const period = () => Joi.string().valid('day', 'week', 'month');

const DAY = /^(19|[2-9]\d)\d\d-\d\d-\d\d$/;

/** A point in time, which becomes a Date, or a day, which stays text: it begins where the time zone says. */
const timeOrDay = () => {
  const schema = Joi.string().custom((value: string, helpers) => {
    const day = DAY.test(value) ? new Date(value) : undefined;
    // The 30th of February would be taken for the 2nd of March.
    if (day && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value)) return value;
    const { value: date, error } = time().validate(value) as { value: Date; error?: Error };
    return error || day
      ? helpers.message({
          custom: '{{#label}} must be a day, 2030-01-31, or a time with an offset, 2030-01-31T20:00:00Z',
        })
      : date;
  });
  return schema as unknown as AlternativesSchema<Date | string>;
};

export const analyticsQuery = Joi.object<Analyze, true>({
  from: timeOrDay().description(
    'A day of `timezone`, or ISO 8601 with an offset, taken to the quarter of an hour. By default 30 days before `to`',
  ),
  to: timeOrDay().description('Likewise, and not in the answer any more. By default now'),
  groupBy: period().default('day').description('Weeks begin on Monday'),
  timezone: timezone(),
});

const shareOrNull = () => Joi.number().min(0).allow(null).required();

const periodMetrics = {
  bookings: outCount().description('Confirmed in this time'),
  tickets: outCount().description('Of those'),
  cancellations: outCount().description('Of confirmed bookings, in this time'),
  cancelledTickets: outCount(),
  cancellationRate: shareOrNull().description('Cancellations ÷ bookings; null without bookings'),
  newUsers: outCountOrNull().description('Null for an organizer'),
  revenue: outList(revenue).description('By currency'),
};

const periodKeys = {
  activeUsers: outCount().description('Different people who booked'),
  utilization: shareOrNull().description('Sold ÷ capacity of the events that begin in this time; null without any'),
};

const popularEvent = Joi.object({
  eventId: outId(),
  title: outText(),
  startDate: outTime(),
  organizerId: outId(),
  bookings: outCount(),
  tickets: outCount(),
}).meta({ name: 'PopularEvent' });

const sums = () => outObject(periodMetrics).meta({ name: 'Figures' });

export const dashboard = Joi.object({
  timezone: outText(),
  countedUntil: outTimeOrNull().description('Figures of days and revenue are complete until then'),
  standingAt: outTime().description('When users, events, capacity and popular events were counted'),
  users: outObject({
    total: outCount(),
    customers: outCount(),
    organizers: outCount(),
    admins: outCount(),
    suspended: outCount(),
  })
    .allow(null)
    .description('Null for an organizer'),
  activeUsers: outObject({ last24Hours: outCount(), last7Days: outCount(), last30Days: outCount() }),
  events: outObject({
    draft: outCount(),
    published: outCount(),
    completed: outCount(),
    cancelled: outCount(),
    upcoming: outCount(),
  }),
  capacity: outObject({
    capacity: outCount(),
    sold: outCount(),
    held: outCount(),
    utilization: shareOrNull(),
  }).description('Of published events that are not over and not unlimited'),
  today: sums(),
  last7Days: sums(),
  last30Days: sums(),
  perDay: outList(Joi.object({ date: outText(), ...periodMetrics }).meta({ name: 'DayFigures' })),
  popularEvents: outList(popularEvent).description('Most tickets in the last 30 days'),
  system: systemSummary.allow(null).required().description('Null for an organizer'),
}).meta({ name: 'Dashboard' });

export const analytics = Joi.object({
  from: outTime(),
  to: outTime(),
  groupBy: period().required(),
  timezone: outText(),
  countedUntil: outTimeOrNull().description('The figures are complete until then'),
  totals: outObject({ ...periodMetrics, ...periodKeys }).meta({ name: 'AnalyticsFigures' }),
  periods: outList(
    Joi.object({
      period: outText().description('Its first date, in the time zone'),
      start: outTime(),
      ...periodMetrics,
      ...periodKeys,
    }).meta({ name: 'AnalyticsPeriod' }),
  ),
  popularEvents: outList(popularEvent),
}).meta({ name: 'Analytics' });
