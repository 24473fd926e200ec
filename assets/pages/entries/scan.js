import { texts as scan } from '#texts/scan.js';
import { start } from '../lib/start.js';
import { ScanPage } from '../views/scan-page.js';

start(ScanPage, { scan });
