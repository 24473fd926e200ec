import type { WorkerOptions } from 'bullmq';

/** The data of a job; everything else is in the rows of its messages. */
export interface JobData {
  messageIds: number[];
}

export interface NewJob {
  name: string;
  data: JobData;
  /** Finished jobs are not kept; the rows of the messages record their outcomes. */
  opts: { jobId: string; priority: number; removeOnComplete: true; removeOnFail: true };
}

interface Connected {
  waitUntilReady(): Promise<unknown>;
  close(force?: boolean): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export interface Producer extends Connected {
  /** Adds jobs; does nothing for jobs that already exist. */
  addJobs(jobs: NewJob[]): Promise<unknown>;
}

export interface Consumer extends Connected {
  run(): Promise<void>;
}

export type Process = (data: JobData) => Promise<void>;

/** The backend of the queues: BullMQ on Redis or PostgreSQL. */
export interface Carrier {
  producer(queue: string): Producer;
  consumer(queue: string, process: Process, concurrency: number): Consumer;
}

/** Jobs of a crashed process are picked up again within seconds. */
export const WORKER_OPTIONS: Omit<WorkerOptions, 'connection'> = {
  autorun: false,
  lockDuration: 5000,
  stalledInterval: 2000,
  maxStalledCount: 20,
  runRetryDelay: 1000,
};
