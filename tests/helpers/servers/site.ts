import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { freePort } from '../../../src/embedded/ports';
import { openBrowser } from '../pages/browser';
import { eventually, start } from './processes';

const SERVER = path.join(__dirname, '..', '..', '..', 'dist', 'server.js');

export interface Visit {
  page: Page;
  /** Errors and policy violations that the browser reports, and its requests to other hosts. */
  complaints: string[];
}

export interface Site {
  base: string;
  browser: Browser;
  visit(options?: BrowserContextOptions): Promise<Visit>;
  /** Adds what this page reports to `complaints`. */
  listen(page: Page, complaints: string[]): void;
  /** Ends the API, and starts it again at the same address. */
  stopServer(): Promise<void>;
  startServer(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a browser, and the API as a separate process on this file's database, with more `settings`. */
export async function openSite(more: Record<string, string> = {}, browserArgs: string[] = []): Promise<Site> {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const { DATABASE_URL = '', DATA_DIR = '', JWT_SECRET = '', BCRYPT_COST = '' } = process.env;
  const ours = { PORT: String(port), PUBLIC_URL: base, LOG_LEVEL: 'error' };
  const settings = { DATABASE_URL, DATA_DIR, JWT_SECRET, BCRYPT_COST, ...ours, ...more };
  let server: ReturnType<typeof start>;
  const answers = () =>
    fetch(`${base}/api/openapi.json`).then(
      ({ ok }) => ok,
      () => false,
    );
  async function startServer(): Promise<void> {
    server = start(process.execPath, [SERVER], settings);
    await eventually(answers, server.output);
  }
  async function stopServer(): Promise<void> {
    server.child.kill('SIGTERM');
    await server.exited;
  }
  const [browser] = await Promise.all([openBrowser(browserArgs), startServer()]);

  function listen(page: Page, complaints: string[]): void {
    page.setDefaultTimeout(60_000);
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(base)) complaints.push(request.url());
    });
  }

  return {
    base,
    browser,
    listen,
    startServer,
    stopServer,
    async visit(options) {
      const page = await (await browser.newContext(options)).newPage();
      const complaints: string[] = [];
      listen(page, complaints);
      return { page, complaints };
    },
    async close() {
      await browser.close();
      await stopServer();
    },
  };
}
