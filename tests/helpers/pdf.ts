import path from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { oncePerWorker } from './jest/once-per-worker';

const READER = path.join(__dirname, '..', 'fixtures', 'read-tickets.js');
const PATIENCE_MS = 60_000;

interface ReadPage {
  /** The content of the page's QR code. */
  code: string | null;
  text: string;
}

interface Reader {
  port: MessagePort;
  answered: Int32Array;
}

function startReader(): Reader {
  const { port1, port2 } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(4));
  new Worker(READER, { workerData: { port: port2, answered }, transferList: [port2] }).unref();
  port1.unref();
  return { port: port1, answered };
}

function read(pdf: Buffer, isScanned: boolean): ReadPage[] {
  const { port, answered } = oncePerWorker('pdf reader', startReader);
  Atomics.store(answered, 0, 0);
  port.postMessage({ pdf: new Uint8Array(pdf), isScanned });
  if (Atomics.wait(answered, 0, 0, PATIENCE_MS) === 'timed-out') throw new Error('The PDF could not be read.');
  const { error, pages } = receiveMessageOnPort(port)!.message as { error?: Error; pages: ReadPage[] };
  if (error) throw error;
  return pages;
}

/** Returns the texts and QR codes on the pages of a PDF. Drawing a page and finding its code takes a third of a second. */
export const readPages = (pdf: Buffer): ReadPage[] => read(pdf, true);

/** Returns the text on the pages of a PDF. */
export const readTexts = (pdf: Buffer): string[] => read(pdf, false).map(({ text }) => text);
