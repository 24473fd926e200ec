import { parentPort, workerData } from 'node:worker_threads';
import { compareSync, hashSync } from 'bcryptjs';

const COST = 12;

const { password, seconds } = workerData as { password: string; seconds: number };
const hash = hashSync(password, COST);
const start = performance.now();
let count = 0;
while (performance.now() - start < seconds * 1000) {
  compareSync(password, hash);
  count += 1;
}
parentPort?.postMessage((count * 1000) / (performance.now() - start));
