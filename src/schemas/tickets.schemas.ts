import { eventSummary } from './events/event-summary';
import type { ListCheckIns, Scan } from '../services/tickets/check-in';
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
} from './common.schemas';

export const personName = () => plainName(200);
export const personEmail = emailAddress;

export const scanBody = Joi.object<Omit<Scan, 'eventId'>, true>({
  code: Joi.string().trim().max(500).description('As the QR code has it'),
  ticketId: id().description('As **GET /api/events/{id}/attendees** has it'),
})
  .xor('code', 'ticketId')
  .messages({
    'object.missing': 'code or ticketId is required',
    'object.xor': 'code and ticketId do not go together',
  })
  .description('Either `code` or `ticketId`');

export const transferTicketBody = Joi.object<Pick<TransferTicket, 'name' | 'email'>, true>({
  name: personName().required(),
  email: personEmail().required().description('Gets the ticket by mail'),
});

export const ticketParams = Joi.object<{ id: number; ticketId: number }, true>({
  id: id().required(),
  ticketId: id().required(),
});

export const listCheckInsQuery = Joi.object<Omit<ListCheckIns, 'eventId'>, true>({
  after: Joi.number().integer().min(0).max(2_147_483_647).default(0).description('`nextAfter` of the part before'),
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
  Joi.object(seatKeys).allow(null).required().description('Null where it has no numbered one');

export const ticket = Joi.object({
  id: outId(),
  code: outTextOrNull().description('What its QR code has; null to everybody but its holder, and once it is void'),
  ticketTypeId: outId(),
  seat: seatOrNull(),
  attendeeName: outTextOrNull(),
  status: Joi.string()
    .valid(...TICKET_STATUSES, 'transferred')
    .required()
    .description('`transferred`: somebody else than the booker holds it'),
  checkedInAt: outTimeOrNull(),
}).meta({ name: 'Ticket' });

export const heldTicket = Joi.object({
  id: outId(),
  code: outTextOrNull().description('What its QR code has; null once it is void'),
  ticketTypeId: outId(),
  ticketTypeName: outText(),
  seat: seatOrNull(),
  attendeeName: outTextOrNull(),
  status: status(),
  checkedInAt: outTimeOrNull(),
  transferredAt: outTimeOrNull().description('When it was last transferred; null if it never was'),
  bookingId: outId(),
  reference: outText().description('Of its booking'),
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
}).meta({ name: 'Admission' });

export const checkInList = Joi.object({
  eventId: outId(),
  tickets: outCount().description('Those that let in'),
  checkedIn: outCount(),
  byTicketType: outList(
    Joi.object({ ticketTypeId: outId(), name: outText(), tickets: outCount(), checkedIn: outCount() }),
  ),
  list: outList(
    Joi.object({
      id: outId(),
      digest: outText().description(
        'First half of SHA-256, in hex, over bytes 1 to 24 of the code: ticket id, event id, nonce',
      ),
      ticketTypeId: outId(),
      seat: seatOrNull(),
      attendeeName: outTextOrNull(),
      reference: outText(),
      checkedInAt: outTimeOrNull(),
    }),
  ),
  nextAfter: Joi.number().integer().allow(null).required().description('Null: there are no more'),
}).meta({ name: 'Door' });

export const ticketKey = Joi.object({
  id: outId(),
  algorithm: outText(),
  publicKey: outText().description('PEM (SPKI)'),
  jwk: outObject({ kty: outText(), crv: outText(), x: outText() }),
  createdAt: outTime(),
}).meta({ name: 'TicketKey' });
