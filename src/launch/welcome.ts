import path from 'node:path';
import { config } from '../config';
import type { MadeAdmin } from './accounts';

interface Welcome {
  port: number;
  isEmbedded: boolean;
  admin: MadeAdmin | undefined;
  /** A description of the demo accounts. */
  demoAccounts: string | undefined;
}

// Listen addresses that a browser on this machine reaches as localhost.
const LOCAL_NAMES = new Set([undefined, '0.0.0.0', '::', '::1', 'localhost', '127.0.0.1']);

function getBaseUrl(port: number): string {
  const { host } = config;
  if (LOCAL_NAMES.has(host)) return `http://localhost:${port}`;
  return `http://${host!.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Prints the URLs and accounts to use. */
export function printWelcome({ port, isEmbedded, admin, demoAccounts }: Welcome): void {
  const base = getBaseUrl(port);
  const folder = path.resolve(config.dataDir);
  const lines: [string, string][] = [
    ['Events', `${base}/`],
    ['API', `${base}/api/events`],
    ['Swagger UI', `${base}/api/docs`],
    ['Desk', `${base}/admin`],
    ['Mailbox', config.mailDriver === 'smtp' ? `mail goes to ${new URL(config.smtpUrl!).host}` : `${base}/dev/mail`],
    [
      'Database',
      isEmbedded ? `the program's own PostgreSQL, kept in ${folder}` : new URL(config.databaseUrl ?? '').host,
    ],
  ];
  if (admin)
    lines.push([
      'Admin',
      admin.password ? `${admin.email}, password ${admin.password} (shown only once)` : admin.email,
    ]);
  if (demoAccounts) lines.push(['Demo', demoAccounts]);
  const text = lines.map(([name, value]) => `  ${name.padEnd(11)} ${value}`).join('\n');
  console.log(`\nBilten is running. Ctrl-C stops it.\n${text}\n`);
}
