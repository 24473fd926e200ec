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

const timezone = () => timeZone().default('UTC').description('The IANA time zone that days are in');

export const dashboardQuery = Joi.object<{ timezone: string }, true>({ timezone: timezone() });

const period = () => Joi.string().valid('day', 'week', 'month');

const DAY = /^(19|[2-9]\d)\d\d-\d\d-\d\d$/;

/** A time, which becomes a Date, or a day, which stays text because the time zone decides when it begins. */
const timeOrDay = () => {
  const schema = Joi.string().custom((value: string, helpers) => {
    const day = DAY.test(value) ? new Date(value) : undefined;
    // Without this check, February 30 would become March 2.
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
    'A day in `timezone`, or ISO 8601 with an offset, at a precision of 15 minutes. Defaults to 30 days before `to`',
  ),
  to: timeOrDay().description('The end, exclusive, in the same format. Defaults to now'),
  groupBy: period().default('day').description('The length of a period; weeks begin on Monday'),
  timezone: timezone(),
});

const shareOrNull = () => Joi.number().min(0).allow(null).required();

const revenueOfKind = revenue
  .keys({ kind: Joi.string().valid('tickets', 'goods', 'shipping', 'credits').required().description('What was sold') })
  .meta({ name: 'RevenueOfKind' });

const periodMetrics = {
  bookings: outCount().description('The number of bookings confirmed in this period'),
  tickets: outCount().description('The number of tickets in those bookings'),
  cancellations: outCount().description('The number of confirmed bookings that were cancelled in this period'),
  cancelledTickets: outCount(),
  cancellationRate: shareOrNull().description('Cancellations ÷ bookings; null without bookings'),
  newUsers: outCountOrNull().description('The number of new accounts; null for an organizer'),
  revenue: outList(revenue).description('Revenue by currency'),
  revenueByKind: outList(revenueOfKind).description('The same by what was sold; a kind without any is left out'),
};

const periodKeys = {
  activeUsers: outCount().description('The number of distinct users who booked'),
  utilization: shareOrNull().description('Sold ÷ capacity of the events that begin in this period; null without any'),
};

const popularEvent = Joi.object({
  eventId: outId(),
  title: outText(),
  startDate: outTime(),
  organizerId: outId(),
  bookings: outCount(),
  tickets: outCount(),
}).meta({ name: 'PopularEvent' });

const metrics = () => outObject(periodMetrics).meta({ name: 'Metrics' });

export const dashboard = Joi.object({
  timezone: outText(),
  countedUntil: outTimeOrNull().description('Daily metrics and revenue are complete up to this time'),
  standingAt: outTime().description('When users, events, capacity and popular events were last counted'),
  users: outObject({
    total: outCount(),
    customers: outCount(),
    organizers: outCount(),
    admins: outCount(),
    suspended: outCount(),
  })
    .allow(null)
    .description('The number of accounts; null for an organizer'),
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
  }).description('Tickets of published events that have not ended and are not unlimited'),
  today: metrics(),
  last7Days: metrics(),
  last30Days: metrics(),
  perDay: outList(Joi.object({ date: outText(), ...periodMetrics }).meta({ name: 'DayMetrics' })),
  ordersToFulfill: outCount().description('Paid orders with goods that are still to be sent'),
  popularEvents: outList(popularEvent).description('The events with the most tickets in the last 30 days'),
  system: systemSummary.allow(null).required().description('The state of the system; null for an organizer'),
}).meta({ name: 'Dashboard' });

export const analytics = Joi.object({
  from: outTime(),
  to: outTime(),
  groupBy: period().required(),
  timezone: outText(),
  countedUntil: outTimeOrNull().description('The metrics are complete up to this time'),
  totals: outObject({ ...periodMetrics, ...periodKeys }).meta({ name: 'AnalyticsMetrics' }),
  periods: outList(
    Joi.object({
      period: outText().description('The first day of the period, in the time zone'),
      start: outTime(),
      ...periodMetrics,
      ...periodKeys,
    }).meta({ name: 'AnalyticsPeriod' }),
  ),
  popularEvents: outList(popularEvent),
}).meta({ name: 'Analytics' });
