import { start } from '../lib/start.js';
import { EventPage } from '../views/event-page.js';

start(EventPage);
