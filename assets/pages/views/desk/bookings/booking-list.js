import { texts } from '#texts/desk-admin.js';
import { html } from '../../../lib/html.js';
import { DeskHead } from '../desk-head.js';
import { BookingTable } from './booking-table.js';

export const BookingList = () => html`<${DeskHead} title=${texts.bookings} /> <${BookingTable} />`;
