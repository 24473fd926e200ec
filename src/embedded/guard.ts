import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

/**
 * Interrupts `server` when this process ends for any reason, even kill -9, because the pipe to the watchdog closes then.
 * Resolves if the server ends first, after the watchdog has ended too.
 */
export async function killWithParent(server: ChildProcess): Promise<void> {
  const onPosix = ['/bin/sh', ['-c', 'read line; kill -INT "$0"', String(server.pid)]] as const;
  const script = 'process.stdin.on("close", () => process.kill(Number(process.argv[1]), "SIGINT")).resume()';
  const elsewhere = [process.execPath, ['-e', script, String(server.pid)]] as const;
  const [command, args] = process.platform === 'win32' ? elsewhere : onPosix;
  // In a separate process group, so that Ctrl-C in the terminal does not reach it.
  const watchdog = spawn(command, args, {
    detached: true,
    cwd: path.parse(process.execPath).root,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.stdin?.on('error', () => undefined);
  server.once('exit', () => watchdog.kill('SIGKILL'));
  await new Promise((resolve) => watchdog.once('exit', resolve).once('error', resolve));
}
