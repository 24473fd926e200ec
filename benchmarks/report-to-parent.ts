/** For a process that `startProcess` started: tells its port, answers for its memory, ends as it is told to. */
export function reportToParent(port: number, stop: () => Promise<void>): void {
  process.on('message', () => process.send?.({ rss: process.memoryUsage.rss() }));
  process.once('disconnect', () => process.exit());
  process.once('SIGTERM', () => void stop().then(() => process.exit()));
  process.send?.({ port });
}
