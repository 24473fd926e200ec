// A second, plain implementation of the rules of a sale. It keeps no counters but adds everything up each time,
// and shares no code with the program, so that tests can compare the two.

export interface ModelType {
  capacity: number | null;
  /** Whether the type has numbered seats, as many as its capacity. */
  isSeated: boolean;
  min: number;
  max: number | null;
}

export interface ModelBooking {
  user: number;
  /** The number of tickets of each type. */
  quantities: number[];
  /** Indexes in the list of all seats. Ended bookings keep theirs. */
  seats: number[];
  status: 'pending' | 'confirmed' | 'cancelled' | 'expired';
}

export interface ModelEntry {
  user: number;
  type: number | null;
  count: number;
  acceptFewer: boolean;
  status: 'waiting' | 'offered' | 'claimed' | 'expired' | 'left';
  offer: { type: number; count: number } | null;
  /** Whether its offer has expired. */
  hasLapsed: boolean;
}

export interface SaleModel {
  capacity: number | null;
  types: ModelType[];
  isPaid: boolean;
  allowMultiple: boolean;
  maxPerUser: number | null;
  bookings: ModelBooking[];
  entries: ModelEntry[];
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
const isActive = ({ status }: ModelBooking): boolean => status === 'pending' || status === 'confirmed';
const isInLine = ({ status }: ModelEntry): boolean => status === 'waiting' || status === 'offered';

export function soldOf(model: SaleModel): number {
  return sum(model.bookings.filter(({ status }) => status === 'confirmed').flatMap(({ quantities }) => quantities));
}

export function heldOf(model: SaleModel): number {
  const unpaid = model.bookings.filter(({ status }) => status === 'pending').flatMap(({ quantities }) => quantities);
  const offered = model.entries.filter(({ status }) => status === 'offered').map(({ offer }) => offer!.count);
  return sum([...unpaid, ...offered]);
}

function takenOfType(model: SaleModel, type: number): number {
  const booked = model.bookings.filter(isActive).map(({ quantities }) => quantities[type]!);
  const offered = model.entries.filter(({ status, offer }) => status === 'offered' && offer!.type === type);
  return sum([...booked, ...offered.map(({ offer }) => offer!.count)]);
}

export const takenOf = (model: SaleModel): number => soldOf(model) + heldOf(model);
const freeOf = (model: SaleModel): number => (model.capacity ?? Infinity) - takenOf(model);
const freeOfType = (model: SaleModel, type: number): number =>
  (model.types[type]!.capacity ?? Infinity) - takenOfType(model, type);

const sells = ({ min, max }: ModelType, count: number): boolean => count >= min && count <= (max ?? Infinity);

/** Returns the offer that could be made to this entry now. */
function offerOf(model: SaleModel, wish: Pick<ModelEntry, 'type' | 'count' | 'acceptFewer'>): ModelEntry['offer'] {
  const fits: { type: number; count: number }[] = [];
  model.types.forEach((rules, type) => {
    if (wish.type !== null && wish.type !== type) return;
    const free = Math.min(freeOf(model), freeOfType(model, type));
    for (let count = 1; count <= wish.count; count += 1) {
      if (count <= free && sells(rules, count) && (wish.acceptFewer || count === wish.count))
        fits.push({ type, count });
    }
  });
  return fits.sort((a, b) => b.count - a.count || a.type - b.type)[0] ?? null;
}

/** Offers free tickets to the first entry that fits, until none fits. */
function serve(model: SaleModel): void {
  for (;;) {
    const next = model.entries.find((entry) => entry.status === 'waiting' && offerOf(model, entry) !== null);
    if (!next) return;
    next.offer = offerOf(model, next);
    next.status = 'offered';
  }
}

const ticketsOf = (model: SaleModel, user: number): number =>
  sum(
    model.bookings
      .filter((booking) => booking.user === user && isActive(booking))
      .flatMap(({ quantities }) => quantities),
  );

/** Returns how many seats these tickets need. Types without numbered seats need none. */
const seatsNeeded = (model: SaleModel, quantities: number[]): number =>
  sum(quantities.filter((_quantity, type) => model.types[type]!.isSeated));

/** Returns the type of each seat. */
export const seatTypesOf = (model: Pick<SaleModel, 'types'>): number[] =>
  model.types.flatMap(({ isSeated, capacity }, type) =>
    isSeated ? Array.from({ length: capacity! }, () => type) : [],
  );

const isTaken = (model: SaleModel, seat: number): boolean =>
  model.bookings.some((booking) => isActive(booking) && booking.seats.includes(seat));

const isOneEach = (seats: number[]): boolean => new Set(seats).size === seats.length;

/** Returns whether these seats match the number of tickets of each type. */
function areSeatsOf(model: SaleModel, quantities: number[], seats: number[]): boolean {
  const types = seatTypesOf(model);
  const wrong = quantities.some(
    (quantity, type) =>
      seats.filter((seat) => types[seat] === type).length !== (model.types[type]!.isSeated ? quantity : 0),
  );
  return !wrong && isOneEach(seats) && seats.length === seatsNeeded(model, quantities);
}

export interface SeatWish {
  /** The requested seats; null for the best available. */
  asked: number[] | null;
  /** The seats that the engine assigned. */
  given: number[];
}

/** Returns what is wrong with the assigned seats. */
function misplaced(model: SaleModel, quantities: number[], { asked, given }: SeatWish): string | undefined {
  if (!areSeatsOf(model, quantities, given)) return 'not a seat for each ticket';
  if (given.some((seat) => isTaken(model, seat))) return 'a seat that is taken';
  return asked && [...asked].sort().join() !== [...given].sort().join() ? 'other seats than were chosen' : undefined;
}

function refusalToBook(
  model: SaleModel,
  user: number,
  quantities: number[],
  asked: number[] | null,
): string | undefined {
  const count = sum(quantities);
  if (asked && !areSeatsOf(model, quantities, asked)) return 'VALIDATION_ERROR';
  const most = model.maxPerUser ?? Infinity;
  if (quantities.some((quantity, type) => quantity > 0 && !sells(model.types[type]!, quantity)) || count > most)
    return 'VALIDATION_ERROR';
  if (!model.allowMultiple && model.bookings.some((booking) => booking.user === user && isActive(booking)))
    return 'DUPLICATE_BOOKING';
  if (ticketsOf(model, user) + count > most) return 'VALIDATION_ERROR';
  if (asked?.some((seat) => isTaken(model, seat))) return 'SEAT_TAKEN';
  const offer = model.entries.find((entry) => entry.user === user && entry.status === 'offered')?.offer;
  if (offer && count > offer.count) return 'SOLD_OUT';
  const own = (type: number): number => (offer?.type === type ? offer.count : 0);
  const isShort = quantities.some((quantity, type) => quantity > freeOfType(model, type) + own(type));
  return isShort || count > freeOf(model) + (offer?.count ?? 0) ? 'SOLD_OUT' : undefined;
}

export function bookInModel(
  model: SaleModel,
  user: number,
  { quantities, ...wish }: SeatWish & { quantities: number[] },
): string {
  const refusal = refusalToBook(model, user, quantities, wish.asked) ?? misplaced(model, quantities, wish);
  if (refusal) return refusal;
  for (const entry of model.entries) if (entry.user === user && isInLine(entry)) entry.status = 'claimed';
  model.bookings.push({ user, quantities, seats: wish.given, status: model.isPaid ? 'pending' : 'confirmed' });
  serve(model);
  return 'ok';
}

export function cancelInModel(model: SaleModel, booking: ModelBooking): string {
  if (booking.status === 'cancelled') return 'ALREADY_CANCELLED';
  if (booking.status === 'expired') return 'BOOKING_EXPIRED';
  booking.status = 'cancelled';
  serve(model);
  return 'ok';
}

export function expireInModel(model: SaleModel, booking: ModelBooking): string {
  if (booking.status === 'pending') booking.status = 'expired';
  serve(model);
  return 'ok';
}

/** Chooses a seat for each ticket, possibly a taken one; too few if the type has too few. Null means the best available. */
export function chosenSeats(model: SaleModel, quantities: number[], wish: number[] | null): number[] | null {
  const types = seatTypesOf(model);
  if (!wish || types.length === 0) return null;
  return quantities.flatMap((quantity, type) => {
    const own = types.flatMap((each, seat) => (each === type ? [seat] : []));
    const first = own.length > 0 ? wish[type % wish.length]! % own.length : 0;
    return [...own.slice(first), ...own.slice(0, first)].slice(0, quantity);
  });
}

/** Returns whether a late payment can reacquire the tickets. */
function mayReturn(model: SaleModel, { user, quantities }: ModelBooking): boolean {
  const count = sum(quantities);
  const offer = model.entries.find((entry) => entry.user === user && entry.status === 'offered')?.offer;
  const own = (type: number): number => (offer?.type === type ? offer.count : 0);
  if (!model.allowMultiple && ticketsOf(model, user) > 0) return false;
  if (ticketsOf(model, user) + count > (model.maxPerUser ?? Infinity)) return false;
  if (quantities.some((quantity, type) => quantity > freeOfType(model, type) + own(type))) return false;
  return count <= freeOf(model) + (offer?.count ?? 0);
}

/** Confirms a booking that is paid in full. `given` are the seats that the engine assigned. */
export function confirmInModel(model: SaleModel, booking: ModelBooking, given: number[]): string {
  if (booking.status === 'expired' && mayReturn(model, booking)) {
    const areFree = booking.seats.every((seat) => !isTaken(model, seat));
    const wrong = misplaced(model, booking.quantities, { asked: areFree ? booking.seats : null, given });
    if (wrong) return wrong;
    for (const entry of model.entries) if (entry.user === booking.user && isInLine(entry)) entry.status = 'left';
    Object.assign(booking, { status: 'confirmed', seats: given });
  }
  if (booking.status === 'pending') booking.status = 'confirmed';
  serve(model);
  return 'ok';
}

type Wish = Pick<ModelEntry, 'type' | 'count' | 'acceptFewer'>;

export function joinInModel(model: SaleModel, user: number, wish: Wish): string {
  const types = wish.type === null ? model.types : [model.types[wish.type]!];
  const most = model.maxPerUser ?? Infinity;
  if (!types.some((type) => sells(type, wish.count)) || wish.count > most) return 'VALIDATION_ERROR';
  if (!model.allowMultiple && model.bookings.some((booking) => booking.user === user && isActive(booking)))
    return 'DUPLICATE_BOOKING';
  if (ticketsOf(model, user) + wish.count > most) return 'VALIDATION_ERROR';
  if (model.entries.some((entry) => entry.user === user && isInLine(entry))) return 'ALREADY_ON_WAITLIST';
  if (offerOf(model, { ...wish, acceptFewer: false })) return 'TICKETS_AVAILABLE';
  model.entries.push({ user, ...wish, status: 'waiting', offer: null, hasLapsed: false });
  serve(model);
  return 'ok';
}

export function leaveInModel(model: SaleModel, user: number): string {
  const entry = model.entries.find((candidate) => candidate.user === user && isInLine(candidate));
  if (!entry) return 'NOT_FOUND';
  entry.status = 'left';
  serve(model);
  return 'ok';
}

export function expireOfferInModel(model: SaleModel, entry: ModelEntry): string {
  if (entry.status === 'offered' && entry.hasLapsed) entry.status = 'expired';
  serve(model);
  return 'ok';
}

export function resizeInModel(model: SaleModel, type: number | null, capacity: number | null): string {
  const taken = type === null ? takenOf(model) : takenOfType(model, type);
  if (capacity !== null && capacity < taken) return 'CAPACITY_BELOW_BOOKED';
  if (type === null) model.capacity = capacity;
  else model.types[type]!.capacity = capacity;
  serve(model);
  return 'ok';
}

interface Offered {
  totalTickets: number | null;
  types: ModelType[];
  maxPerUser: number | null;
}

/** Removes what the API refuses: types that could never be sold, and more seats than the event has tickets. */
export function withoutContradictions<S extends Offered>(sale: S): S {
  const { types, totalTickets, maxPerUser } = sale;
  const sound = types.map((type) => {
    const isSound = [type.capacity, totalTickets, maxPerUser].every((limit) => !limit || type.min <= limit);
    return isSound ? type : { ...type, min: 1 };
  });
  const seated = sound.filter(({ isSeated }) => isSeated);
  const seatCount = seated.reduce((sum, { capacity }) => sum + (capacity ?? 0), 0);
  const total = seated.length === sound.length ? seatCount : Math.max(totalTickets ?? 0, seatCount);
  return { ...sale, types: sound, totalTickets: totalTickets === null ? null : total };
}
