import {
  Joi,
  outCount,
  outCountOrNull,
  outList,
  outObject,
  outText,
  outTextOrNull,
  outTime,
  outTimeOrNull,
} from './common.schemas';

const status = (...values: string[]) =>
  Joi.string()
    .valid(...values)
    .required();
const outNumber = () => Joi.number().min(0).required();
const outNumberOrNull = () => Joi.number().min(0).allow(null).required();

const queue = Joi.object({
  topic: outText(),
  waiting: outCount().description('The number of messages that are waiting'),
  running: outCount(),
  delayed: outCount().description('The number of messages that failed and will be retried'),
  parked: outCount().description('The number of messages that failed ten times'),
}).meta({ name: 'QueueStats' });

const responses = {
  windowSeconds: outNumber(),
  requests: outCount(),
  perSecond: outNumber(),
  p50Ms: outNumberOrNull(),
  p95Ms: outNumberOrNull(),
  p99Ms: outNumberOrNull(),
  errors: outCount().description('The number of 5xx responses'),
  errorRate: outNumberOrNull(),
};

const queues = {
  waiting: outCount(),
  running: outCount(),
  delayed: outCount(),
  parked: outCount(),
  oldestSeconds: outNumberOrNull().description('How long the oldest message has waited, in seconds'),
  workerSeenAt: outTimeOrNull().description('When a worker last ran a scheduled job'),
  totalCapped: Joi.boolean().required().description('Whether counting stopped at a limit'),
};

const overall = () => status('ok', 'degraded');

/** The summary of system health that the dashboard shows. */
export const systemSummary = Joi.object({
  status: overall(),
  database: status('ok', 'down'),
  redis: status('ok', 'down', 'off'),
  worker: status('ok', 'down'),
  queues: outObject({ ...queues, byTopic: outList(queue) }),
}).meta({ name: 'SystemSummary' });

export const systemHealth = Joi.object({
  status: overall(),
  checkedAt: outTime(),
  uptimeSeconds: outNumber(),
  database: outObject({
    status: status('ok', 'down'),
    latencyMs: outNumberOrNull(),
    version: outTextOrNull(),
    sizeBytes: outCountOrNull(),
    connections: outCountOrNull().description('The number of connections to this database'),
    maxConnections: outCountOrNull(),
    pool: outObject({ used: outCount(), free: outCount(), waiting: outCount(), max: outCount() }).description(
      'The connection pool of this process',
    ),
  }),
  redis: outObject({ status: status('ok', 'down', 'off'), latencyMs: outNumberOrNull() }),
  worker: outObject({ status: status('ok', 'down'), seenAt: outTimeOrNull() }),
  schedules: outList(
    Joi.object({ name: outText(), lastRunAt: outTimeOrNull(), lastError: outTextOrNull() }).meta({
      name: 'ScheduleState',
    }),
  ),
  queues: outObject({ ...queues, byTopic: outList(queue) }),
  setup: outObject({
    missing: outList(
      Joi.object({
        part: Joi.string().valid('mail', 'payments', 'sms').required().description('The part that is not configured'),
        message: outText(),
      }).meta({ name: 'MissingPart' }),
    ).description('Parts that are not configured, and how to configure them'),
    warnings: outList(outText()).description('Settings that are accepted but look unintended'),
  }),
  memory: outObject({
    residentMb: outNumber(),
    heapUsedMb: outNumber(),
    heapTotalMb: outNumber(),
    systemFreeMb: outNumber(),
    systemTotalMb: outNumber(),
  }),
  cpu: outObject({
    cores: outCount(),
    load: outList(Joi.number()).description('The load averages of the machine over 1, 5 and 15 minutes'),
    processUse: outNumber().description('The share of one core, since the last request or the start'),
    eventLoopDelayMs: outNumberOrNull().description('The 99th percentile in milliseconds, since the last request'),
  }),
  responses: outObject(responses).description('The response times of this process'),
}).meta({ name: 'SystemHealth' });
