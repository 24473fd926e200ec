import fc from 'fast-check';
import { searchQuery } from '../../src/lib/search-words';

describe('searchQuery', () => {
  it.each([
    ['jazz', "'jazz':*"],
    ['  jazz   on the Quay ', "'jazz' & 'on' & 'the' & 'Quay':*"],
    ["rock'n'roll", "'rock' & 'n' & 'roll':*"],
    ['a|b & !c:*', "'a' & 'b' & 'c':*"],
    ['Ölü/canlı', "'Ölü' & 'canlı':*"],
  ])('makes %j into %s', (typed, query) => {
    expect(searchQuery(typed)).toBe(query);
  });

  it.each(['', '  ', '!', "''", '& | ! <-> :*', '\\'])('finds no word in %j', (typed) => {
    expect(searchQuery(typed)).toBeUndefined();
  });

  it('takes ten words at most', () => {
    expect(searchQuery('a '.repeat(50))?.split(' & ')).toHaveLength(10);
  });

  it('never lets anything typed be an operator', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (typed) => {
        expect(searchQuery(typed) ?? "'x':*").toMatch(/^'[^'\\]+'( & '[^'\\]+')*:\*$/);
      }),
    );
  });
});
