import { formatSeatLabel, formatSeatLabels } from '../../src/lib/seats/seat-label';

const seat = (row: string, number: string, section = 'Stalls') => ({ section, row, number });

describe('seatLabel', () => {
  it('describes where a seat is', () => {
    expect(formatSeatLabel(seat('A', '3'))).toBe('Stalls, row A, seat 3');
  });
});

describe('seatLabels', () => {
  it('groups seats of a row', () => {
    const seats = [seat('A', '3'), seat('B', '1'), seat('A', '4'), seat('A', '3', 'Circle')];
    expect(formatSeatLabels(seats)).toBe('Stalls, row A, seats 3, 4; Stalls, row B, seat 1; Circle, row A, seat 3');
    expect(formatSeatLabels([])).toBe('');
  });
});
