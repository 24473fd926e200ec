import { start } from '../lib/start.js';
import { BookingPage } from '../views/booking-page.js';

start(BookingPage);
