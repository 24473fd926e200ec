export default async function globalTeardown(): Promise<void> {
  await (globalThis as { stopServers?: () => Promise<void> }).stopServers?.();
}
