import { attendeesByType } from '../../src/lib/bookings/attendees';

const named = (...names: string[]) => names.map((name) => ({ name, email: null }));
const namesOf = (byType: ReturnType<typeof attendeesByType>) =>
  Object.fromEntries([...byType].map(([id, people]) => [id, people.map((person) => person?.name ?? null)]));

describe('attendeesByType', () => {
  it.each([
    ['one item', [[1, 2]], ['a', 'b'], { 1: ['a', 'b'] }],
    ['fewer attendees than tickets', [[1, 3]], ['a'], { 1: ['a', null, null] }],
    [
      'two items of one type, not adjacent',
      [
        [2, 1],
        [1, 1],
        [2, 2],
      ],
      ['a', 'b', 'c'],
      { 2: ['a', 'c', null], 1: ['b'] },
    ],
    [
      'a type without any attendees left',
      [
        [1, 1],
        [2, 1],
      ],
      ['a'],
      { 1: ['a'], 2: [null] },
    ],
  ])('%s', (_what, lines, names, expected) => {
    const asked = lines.map(([ticketTypeId, quantity]) => ({ ticketTypeId: ticketTypeId!, quantity: quantity! }));
    expect(namesOf(attendeesByType(asked, named(...names)))).toEqual(expected);
  });
});
