import { toNumberArray, toTextArray } from '../../src/lib/pg-array';

// tests/integration/database/rules.test.ts passes such arrays to PostgreSQL.
describe('numberArray', () => {
  it.each([
    [[], '{}'],
    [[1, -2, 0], '{1,-2,0}'],
    [[1, null, 1893499200123], '{1,NULL,1893499200123}'],
  ])('%j', (values, text) => {
    expect(toNumberArray(values)).toBe(text);
  });
});

describe('textArray', () => {
  it.each([
    [[], '{}'],
    [['plain', 'äöü', '席'], '{plain,äöü,席}'],
    [[null, 'null', 'NULL', 'Null'], '{NULL,"null","NULL","Null"}'],
    [['', ' ', '\t', '\n', '\u00a0'], '{""," ","\t","\n","\u00a0"}'],
    [['a,b', '{a}', '}{'], '{"a,b","{a}","}{"}'],
    [['say "x"', 'back\\slash', '\\"'], '{"say \\"x\\"","back\\\\slash","\\\\\\""}'],
  ])('%j', (values, text) => {
    expect(toTextArray(values)).toBe(text);
  });
});
