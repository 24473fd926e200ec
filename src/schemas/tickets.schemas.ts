import { eventSummary } from './events/event-summary';
import { SCAN_REFUSALS } from '../lib/statuses';
import type { ListCheckIns, Scan } from '../services/tickets/check-in';
import type { CheckInScans, TimedScan } from '../services/tickets/check-in-scans';
import type { ListTickets } from '../services/tickets/held-tickets';
import type { TransferTicket } from '../services/tickets/transfer-ticket';
import {
  Joi,
  emailAddress,
  id,
  outCount,
  outId,
  outList,
  outObject,
  outText,
  outTextOrNull,
  outTime,
  outTimeOrNull,
  pagingKeys,
  plainName,
  time,
} from './common.schemas';

export const personName = () => plainName(200);
export const personEmail = emailAddress;

const gate = () => plainName(60).description('Where it was scanned, such as the name of the entrance');
const scannedTicketKeys = {
  code: Joi.string().trim().max(500).description('The code from the QR code'),
  ticketId: id().description('The id of the ticket, from **GET /api/events/{id}/attendees**'),
};
const EITHER = {
  'object.missing': 'code or ticketId is required',
  'object.xor': 'code and ticketId cannot be combined',
};

export const scanBody = Joi.object<Omit<Scan, 'eventId' | 'gate'>, true>(scannedTicketKeys)
  .xor('code', 'ticketId')
  .messages(EITHER)
  .description('Send either `code` or `ticketId`');

export const checkInBody = Joi.object<Omit<Scan, 'eventId'>, true>({ ...scannedTicketKeys, gate: gate() })
  .xor('code', 'ticketId')
  .messages(EITHER)
  .description('Send either `code` or `ticketId`');

const MAX_SCANS = 100;
export const scansBody = Joi.object<Omit<CheckInScans, 'eventId'>, true>({
  gate: gate(),
  scans: Joi.array()
    .items(
      Joi.object<TimedScan, true>({
        ...scannedTicketKeys,
        scannedAt: time().required().description('When it was scanned; a time in the future counts as now'),
      })
        .xor('code', 'ticketId')
        .messages(EITHER),
    )
    .min(1)
    .max(MAX_SCANS)
    .required()
    .description('What was scanned'),
});

export const transferTicketBody = Joi.object<Pick<TransferTicket, 'name' | 'email'>, true>({
  name: personName().required(),
  email: personEmail().required().description('The email address that the ticket is sent to'),
});

export const ticketParams = Joi.object<{ id: number; ticketId: number }, true>({
  id: id().required(),
  ticketId: id().required(),
});

export const listCheckInsQuery = Joi.object<Omit<ListCheckIns, 'eventId'>, true>({
  after: Joi.number()
    .integer()
    .min(0)
    .max(2_147_483_647)
    .default(0)
    .description('`nextAfter` from the previous response'),
  limit: Joi.number().integer().min(1).max(5000).default(1000),
});

const TICKET_STATUSES = ['valid', 'void'] as const;
const status = () =>
  Joi.string()
    .valid(...TICKET_STATUSES)
    .required();
const seatKeys = { id: outId(), section: outText(), row: outText(), number: outText(), ticketTypeId: outId() };
export const seat = Joi.object(seatKeys).meta({ name: 'Seat' });
export const seatOrNull = () =>
  Joi.object(seatKeys).allow(null).required().description('The seat; null if the ticket has no numbered seat');

export const ticket = Joi.object({
  id: outId(),
  code: outTextOrNull().description(
    'The code in the QR code; null for everyone but the holder, and once the ticket is void',
  ),
  ticketTypeId: outId(),
  seat: seatOrNull(),
  attendeeName: outTextOrNull(),
  status: Joi.string()
    .valid(...TICKET_STATUSES, 'transferred')
    .required()
    .description('The status; `transferred` if somebody other than the booker holds the ticket'),
  checkedInAt: outTimeOrNull(),
}).meta({ name: 'Ticket' });

export const heldTicket = Joi.object({
  id: outId(),
  code: outTextOrNull().description('The code in the QR code; null once the ticket is void'),
  ticketTypeId: outId(),
  ticketTypeName: outText(),
  seat: seatOrNull(),
  attendeeName: outTextOrNull(),
  status: status(),
  checkedInAt: outTimeOrNull(),
  transferredAt: outTimeOrNull().description('When it was last transferred; null if it never was'),
  bookingId: outId(),
  reference: outText().description('The reference of the booking'),
  eventId: outId(),
  event: eventSummary,
}).meta({ name: 'HeldTicket' });

export const listTicketsQuery = Joi.object<ListTickets, true>({
  ...pagingKeys(),
  status: Joi.string()
    .valid(...TICKET_STATUSES)
    .default('valid'),
  eventId: id(),
  upcoming: Joi.boolean(),
});

export const checkIn = Joi.object({
  id: outId(),
  eventId: outId(),
  bookingId: outId(),
  reference: outText(),
  ticketTypeId: outId(),
  ticketTypeName: outText(),
  seat: seatOrNull(),
  attendeeName: outTextOrNull(),
  status: status(),
  checkedInAt: outTimeOrNull(),
  checkedInGate: outTextOrNull(),
}).meta({ name: 'CheckedInTicket' });

export const checkedInScans = Joi.object({
  eventId: outId(),
  tickets: outCount().description('The number of valid tickets'),
  checkedIn: outCount(),
  results: outList(
    Joi.object({
      refusal: Joi.string()
        .valid(...SCAN_REFUSALS)
        .allow(null)
        .required()
        .description('Null if this scan checked the ticket in; otherwise why it did not'),
      ticket: checkIn.allow(null).required(),
      replaced: Joi.object({
        checkedInAt: outTime(),
        gate: outTextOrNull().description('Where that was; null if unknown'),
      })
        .allow(null)
        .required()
        .description('A later check-in that this scan replaces: somebody was admitted twice. Null if there was none'),
    }),
  ).description('One result for each scan, in the order of the request'),
}).meta({ name: 'CheckedInScans' });

export const checkInList = Joi.object({
  eventId: outId(),
  tickets: outCount().description('The number of valid tickets'),
  checkedIn: outCount(),
  byTicketType: outList(
    Joi.object({ ticketTypeId: outId(), name: outText(), tickets: outCount(), checkedIn: outCount() }),
  ),
  list: outList(
    Joi.object({
      id: outId(),
      digest: outText().description(
        'The first half of the SHA-256 in hex of bytes 1 to 24 of the code: ticket id, event id and nonce',
      ),
      ticketTypeId: outId(),
      seat: seatOrNull(),
      attendeeName: outTextOrNull(),
      bookerName: outTextOrNull().description('The name of the customer; null if unknown or after a transfer'),
      reference: outText(),
      checkedInAt: outTimeOrNull(),
      checkedInGate: outTextOrNull(),
    }),
  ),
  nextAfter: Joi.number()
    .integer()
    .allow(null)
    .required()
    .description('The value of `after` for the next request; null if there are no more'),
}).meta({ name: 'CheckInList' });

export const ticketKey = Joi.object({
  id: outId(),
  algorithm: outText(),
  publicKey: outText().description('The public key as PEM (SPKI)'),
  jwk: outObject({ kty: outText(), crv: outText(), x: outText() }),
  createdAt: outTime(),
}).meta({ name: 'TicketKey' });
