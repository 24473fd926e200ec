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
const figure = () => Joi.number().min(0).required();
const figureOrNull = () => Joi.number().min(0).allow(null).required();

const queue = Joi.object({
  topic: outText(),
  waiting: outCount().description('Not yet taken up'),
  running: outCount(),
  delayed: outCount().description('Failed, to be tried again'),
  parked: outCount().description('Given up on'),
}).meta({ name: 'QueueFigures' });

const responses = {
  windowSeconds: figure(),
  requests: outCount(),
  perSecond: figure(),
  p50Ms: figureOrNull(),
  p95Ms: figureOrNull(),
  p99Ms: figureOrNull(),
  errors: outCount().description('Answers 5xx'),
  errorRate: figureOrNull(),
};

const queues = {
  waiting: outCount(),
  running: outCount(),
  delayed: outCount(),
  parked: outCount(),
  oldestSeconds: figureOrNull().description('How long the oldest waits'),
  workerSeenAt: outTimeOrNull().description('When a worker last did something on schedule'),
  totalCapped: Joi.boolean().required().description('Counting stopped at a bound'),
};

const overall = () => status('ok', 'degraded');

/** For the dashboard: what of the health fits in a corner. */
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
  uptimeSeconds: figure(),
  database: outObject({
    status: status('ok', 'down'),
    latencyMs: figureOrNull(),
    version: outTextOrNull(),
    sizeBytes: outCountOrNull(),
    connections: outCountOrNull().description('Of the server, to this database'),
    maxConnections: outCountOrNull(),
    pool: outObject({ used: outCount(), free: outCount(), waiting: outCount(), max: outCount() }).description(
      'Of this process',
    ),
  }),
  redis: outObject({ status: status('ok', 'down', 'off'), latencyMs: figureOrNull() }),
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
        part: Joi.string().valid('mail', 'payments', 'sms').required().description('What is not set up'),
        message: outText(),
      }).meta({ name: 'MissingPart' }),
    ).description('What the program does without, and what sets it up'),
    warnings: outList(outText()).description('Settings that are taken but hardly meant'),
  }),
  memory: outObject({
    residentMb: figure(),
    heapUsedMb: figure(),
    heapTotalMb: figure(),
    systemFreeMb: figure(),
    systemTotalMb: figure(),
  }),
  cpu: outObject({
    cores: outCount(),
    load: outList(Joi.number()).description('Of the machine, over 1, 5 and 15 minutes'),
    processUse: figure().description('Of one core, since the last look or start'),
    eventLoopDelayMs: figureOrNull().description('99th percentile since the last look'),
  }),
  responses: outObject(responses).description('Of this process'),
}).meta({ name: 'SystemHealth' });
