import { texts as desk } from '#texts/desk.js';
import { start } from '../lib/start.js';
import { DesignPage } from '../views/design-page.js';

start(DesignPage, { desk });
