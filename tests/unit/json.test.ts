import { isStorableJson } from '../../src/lib/json';

const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });

describe('isStorableJson', () => {
  it.each([[1], ['text 🎷'], [null], [true], [{ a: [1, { b: 'c' }] }], [nested(5)]])('accepts %j', (value) => {
    expect(isStorableJson(value, 5)).toBe(true);
  });

  it.each([
    ['a\0'],
    ['\ud800'],
    ['\udc00\ud800'],
    [{ 'k\0': 1 }],
    [{ a: [{ b: '\0' }] }],
    [nested(6)],
    [JSON.parse('{"__proto__":{"a":"\\u0000"}}')],
  ])('refuses %j', (value) => {
    expect(isStorableJson(value, 5)).toBe(false);
  });
});
