import { createPostgresBackend, FlowProducer, Worker, type Job, type PostgresQueueBackend } from 'bullmq';
import { WORKER_OPTIONS, type Carrier, type JobData, type NewJob } from './carrier';
import { postgresConnection } from './connections';

const PRODUCER_CONNECTIONS = 1;
const CONSUMER_CONNECTIONS = 4;

/** A flow producer keeps to itself that adding failed: it must not. */
const createThrowingBackend: typeof createPostgresBackend = (...options) => {
  const backend: PostgresQueueBackend = createPostgresBackend(...options);
  const addFlow = backend.addFlow.bind(backend);
  backend.addFlow = async (entries) => {
    const results = await addFlow(entries);
    const error = results?.find(([failure]) => failure)?.[0];
    if (error) throw error;
    return results;
  };
  return backend;
};

/** BullMQ on PostgreSQL. Its connections hold a LISTEN, so they must not go through a pooler. */
export function postgresCarrier(connectionString: string): Carrier {
  const connect = (max: number) => postgresConnection(connectionString, max);
  return {
    producer(queueName) {
      // Flows of one job each are one statement. A queue's own `addBulk` makes a sequence, which our role may not,
      // and two temporary tables each time; its `add` is a transaction per job.
      const flows = new FlowProducer({ connection: connect(PRODUCER_CONNECTIONS) }, createThrowingBackend);
      const addJobs = (jobs: NewJob[]) => flows.addBulk(jobs.map((job) => ({ ...job, queueName })));
      return Object.assign(flows, { addJobs });
    },
    consumer: (name, process, concurrency) =>
      new Worker(
        name,
        (job: Job<JobData>) => process(job.data),
        { ...WORKER_OPTIONS, concurrency, connection: connect(CONSUMER_CONNECTIONS) },
        createPostgresBackend,
      ),
  };
}
