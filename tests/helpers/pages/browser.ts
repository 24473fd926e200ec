import { appendFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Finds Chromium on this machine: `CHROME_PATH`, or where Debian and others install it. */
export const browserPath = [process.env.CHROME_PATH ?? '', ...PLACES].find((place) => place && existsSync(place));

export function openBrowser(more: string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-dev-shm-usage', ...more] });
}

function saysNotRun(): jest.Describe {
  const missing = 'No Chromium was found: the tests in a browser did NOT run. Install chromium, or set CHROME_PATH.';
  if (process.env.REQUIRE_BROWSER) throw new Error(`REQUIRE_BROWSER is set. ${missing}`);
  appendFileSync(path.join(process.env.TEST_FOLDER!, 'not-run'), `!!! ${missing}\n`);
  return describe.skip;
}

/** `describe` for tests that need a browser. Without one they are skipped, and the end of the run reports it. */
export const describeWithBrowser = browserPath ? describe : saysNotRun();
