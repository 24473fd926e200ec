import { texts as desk } from '#texts/desk.js';
import { start } from '../lib/start.js';
import { DeskPage } from '../views/desk-page.js';

start(DeskPage, { desk });
