import { start } from '../lib/start.js';
import { WhatIsOnPage } from '../views/what-is-on-page.js';

start(WhatIsOnPage);
