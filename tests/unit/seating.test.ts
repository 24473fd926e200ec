import fc from 'fast-check';
import { chooseBestSeats, chooseSeats, type SeatRow } from '../../src/lib/seats/choose-seats';

interface TestSeat {
  id: number;
  row: number;
  position: number;
  isAccessible: boolean;
  companionOf: number | null;
  isFree: boolean;
}

let nextId = 0;

/** Parses a drawing of a row: `o` is free, `x` taken, `a` accessible, `c` for a companion, and a blank is an aisle. */
function rowOf(drawing: string, row = 0, section = 'Stalls'): SeatRow<TestSeat> {
  const seats = [...drawing].flatMap((sign, position) =>
    sign === ' '
      ? []
      : [
          {
            id: (nextId += 1),
            row,
            position,
            isAccessible: sign === 'a',
            companionOf: sign === 'c' ? 1 : null,
            isFree: sign !== 'x',
          },
        ],
  );
  return { section, seats };
}

const hallOf = (...drawings: string[]): SeatRow<TestSeat>[] => drawings.map((drawing, row) => rowOf(drawing, row));
const isFree = (seat: TestSeat): boolean => seat.isFree;
const places = (seats: TestSeat[]): string[] => seats.map(({ row, position }) => `${row}:${position}`);

describe('chooseSeats', () => {
  it.each<[string, string[], number, string[]]>([
    ['the middle of the best row', ['oooooo', 'oooooo'], 2, ['0:2', '0:3']],
    ['seats that do not leave a single seat free', ['ooxxxx', 'oooooo'], 1, ['1:2']],
    ['a whole gap rather than part of one', ['xooxooo'], 2, ['0:1', '0:2']],
    ['a single seat that is free anyway', ['xoxoo'], 1, ['0:1']],
    ['a row further back rather than leaving a single seat', ['ooo', 'oooo'], 2, ['1:0', '1:1']],
    ['adjacent seats that leave a single seat, if there are no others', ['ooo', 'xxx'], 2, ['0:0', '0:1']],
    ['seats that no aisle separates', ['oo oo', 'ooo'], 3, ['1:0', '1:1', '1:2']],
    [
      'neighboring rows if no row has enough room',
      ['oooo', 'xxxx', 'oo', 'oo'],
      6,
      ['0:0', '0:1', '0:2', '0:3', '2:0', '2:1'],
    ],
    ['seats so that nobody sits alone, if possible', ['ooo', 'ooo'], 4, ['0:0', '0:1', '1:0', '1:1']],
    ['fewer seats if no more are free', ['oxo'], 3, ['0:0', '0:2']],
  ])('chooses %s', (_what, drawings, count, expected) => {
    expect(places(chooseSeats(hallOf(...drawings), isFree, count))).toEqual(expected);
  });

  it('splits a group within one section if that has enough room', () => {
    const rows = [rowOf('oo', 0, 'Stalls'), rowOf('oo', 1, 'Balcony'), rowOf('oo', 2, 'Balcony')];
    expect(chooseSeats(rows, isFree, 4).map(({ row }) => row)).toEqual([1, 1, 2, 2]);
  });

  const seatingPlans = fc
    .array(fc.string({ unit: fc.constantFrom('o', 'o', 'o', 'x', ' '), minLength: 1, maxLength: 12 }), {
      minLength: 1,
      maxLength: 6,
    })
    .map((drawings) => hallOf(...drawings.map((drawing) => `x${drawing}`)));
  const counts = fc.integer({ min: 1, max: 7 });

  /** Returns the lengths of the gaps of free seats in a row. */
  const gapsOf = ({ seats }: SeatRow<TestSeat>, taken: Set<TestSeat>): number[] => {
    const signs = new Map(seats.map((seat) => [seat.position, seat.isFree && !taken.has(seat) ? 'o' : 'x']));
    const drawing = Array.from({ length: 14 }, (_, position) => signs.get(position) ?? ' ').join('');
    return [...drawing.matchAll(/o+/g)].map(([gap]) => gap.length);
  };
  const orphansIn = (row: SeatRow<TestSeat>, taken = new Set<TestSeat>()): number =>
    gapsOf(row, taken).filter((length) => length === 1).length;
  const fits = (length: number, count: number): boolean => length === count || length > count + 1;

  it('chooses only free seats, as many as requested if possible, none twice', () => {
    fc.assert(
      fc.property(seatingPlans, counts, (rows, count) => {
        const chosen = chooseSeats(rows, isFree, count);
        const free = rows.flatMap(({ seats }) => seats.filter(isFree)).length;
        expect(chosen).toHaveLength(Math.min(count, free));
        expect(new Set(chosen).size).toBe(chosen.length);
        expect(chosen.every(isFree)).toBe(true);
      }),
    );
  });

  it('keeps a group together if a gap is long enough, and leaves no single seat if possible', () => {
    fc.assert(
      fc.property(seatingPlans, counts, (rows, count) => {
        const gaps = rows.flatMap((row) => gapsOf(row, new Set()));
        const chosen = chooseSeats(rows, isFree, count);
        if (!gaps.some((length) => length >= count)) return;
        expect(new Set(chosen.map(({ row }) => row)).size).toBe(1);
        expect(chosen.at(-1)!.position - chosen[0]!.position).toBe(count - 1);
        if (!gaps.some((length) => fits(length, count))) return;
        const row = rows[chosen[0]!.row]!;
        expect(orphansIn(row, new Set(chosen))).toBeLessThanOrEqual(orphansIn(row));
        const best = rows.findIndex((candidate) => gapsOf(candidate, new Set()).some((length) => fits(length, count)));
        expect(chosen[0]!.row).toBe(best);
      }),
    );
  });
});

describe('chooseBestSeats', () => {
  it.each<[string, string, number, string[]]>([
    ['ordinary seats first, even if they are further back', 'aaccoo', 2, ['0:4', '0:5']],
    ['companion seats next', 'aacc', 2, ['0:2', '0:3']],
    ['accessible seats last', 'aaco', 4, ['0:3', '0:2', '0:0', '0:1']],
  ])('chooses %s', (_what, drawing, count, expected) => {
    expect(places(chooseBestSeats(hallOf(drawing), isFree, count))).toEqual(expected);
  });
});
