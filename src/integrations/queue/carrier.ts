import type { WorkerOptions } from 'bullmq';

/** What a job says: everything else is in the row of its message. */
export interface JobData {
  messageId: number;
}

export interface NewJob {
  name: string;
  data: JobData;
  /** Nothing is kept that has ended: the message's row says how. */
  opts: { jobId: string; priority: number; removeOnComplete: true; removeOnFail: true };
}

interface Connected {
  waitUntilReady(): Promise<unknown>;
  close(force?: boolean): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export interface Producer extends Connected {
  /** Adding a job that is there already changes nothing. */
  addJobs(jobs: NewJob[]): Promise<unknown>;
}

export interface Consumer extends Connected {
  run(): Promise<void>;
}

export type Process = (data: JobData) => Promise<void>;

/** What carries the queues: BullMQ on one server or another. */
export interface Carrier {
  producer(queue: string): Producer;
  consumer(queue: string, process: Process, concurrency: number): Consumer;
}

/** A dead process's jobs are back within seconds. */
export const WORKER_OPTIONS: Omit<WorkerOptions, 'connection'> = {
  autorun: false,
  lockDuration: 5000,
  stalledInterval: 2000,
  maxStalledCount: 20,
  runRetryDelay: 1000,
};
