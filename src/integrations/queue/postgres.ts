import { createPostgresBackend, FlowProducer, Worker, type Job, type PostgresQueueBackend } from 'bullmq';
import { WORKER_OPTIONS, type Carrier, type JobData, type NewJob } from './carrier';
import { postgresConnection } from './connections';

const PRODUCER_CONNECTIONS = 1;
const CONSUMER_CONNECTIONS = 4;

/** FlowProducer swallows failures from addFlow; rethrow them. */
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

/** BullMQ on PostgreSQL. Its connections use LISTEN, so they must bypass poolers. */
export function postgresCarrier(connectionString: string): Carrier {
  const connect = (max: number) => postgresConnection(connectionString, max);
  return {
    producer(queueName) {
      // Adding flows of one job each takes one statement. `addBulk` of a queue creates a sequence, which our role may not do,
      // and two temporary tables every time; `add` takes a transaction per job.
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
