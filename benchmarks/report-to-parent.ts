/** Runs in a process started by `startProcess`: reports its port and memory, and stops on request. */
export function reportToParent(port: number, stop: () => Promise<void>): void {
  process.on('message', () => process.send?.({ rss: process.memoryUsage.rss() }));
  process.once('disconnect', () => process.exit());
  process.once('SIGTERM', () => void stop().then(() => process.exit()));
  process.send?.({ port });
}
