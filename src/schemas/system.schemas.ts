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
const outFigure = () => Joi.number().min(0).required();
const outFigureOrNull = () => Joi.number().min(0).allow(null).required();

const queue = Joi.object({
  topic: outText(),
  waiting: outCount().description('Not yet taken up'),
  running: outCount(),
  delayed: outCount().description('Failed, to be tried again'),
  parked: outCount().description('Given up on'),
}).meta({ name: 'QueueFigures' });

const responses = {
  windowSeconds: outFigure(),
  requests: outCount(),
  perSecond: outFigure(),
  p50Ms: outFigureOrNull(),
  p95Ms: outFigureOrNull(),
  p99Ms: outFigureOrNull(),
  errors: outCount().description('Answers 5xx'),
  errorRate: outFigureOrNull(),
};

const queues = {
  waiting: outCount(),
  running: outCount(),
  delayed: outCount(),
  parked: outCount(),
  oldestSeconds: outFigureOrNull().description('How long the oldest waits'),
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
  uptimeSeconds: outFigure(),
  database: outObject({
    status: status('ok', 'down'),
    latencyMs: outFigureOrNull(),
    version: outTextOrNull(),
    sizeBytes: outCountOrNull(),
    connections: outCountOrNull().description('Of the server, to this database'),
    maxConnections: outCountOrNull(),
    pool: outObject({ used: outCount(), free: outCount(), waiting: outCount(), max: outCount() }).description(
      'Of this process',
    ),
  }),
  redis: outObject({ status: status('ok', 'down', 'off'), latencyMs: outFigureOrNull() }),
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
    residentMb: outFigure(),
    heapUsedMb: outFigure(),
    heapTotalMb: outFigure(),
    systemFreeMb: outFigure(),
    systemTotalMb: outFigure(),
  }),
  cpu: outObject({
    cores: outCount(),
    load: outList(Joi.number()).description('Of the machine, over 1, 5 and 15 minutes'),
    processUse: outFigure().description('Of one core, since the last look or start'),
    eventLoopDelayMs: outFigureOrNull().description('99th percentile since the last look'),
  }),
  responses: outObject(responses).description('Of this process'),
}).meta({ name: 'SystemHealth' });
