import fc from 'fast-check';
import { SLUG, toSlug } from '../../src/lib/slugs';

describe('toSlug', () => {
  it.each([
    ['Tour shirt, black', 'tour-shirt-black'],
    ['Größe M — “Øl”', 'grosse-m-ol'],
    ['Rock’n’Roll at O’Brien', 'rocknroll-at-obrien'],
    ['1984', 'product-1984'],
    ['…', 'product'],
    ['日本語 テスト', '日本語-テスト'],
  ])('makes a slug of %s', (name, slug) => {
    expect(toSlug(name, 'product')).toBe(slug);
  });

  it('makes a valid slug, and no number, of any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (name) => {
        expect(toSlug(name, 'product')).toMatch(SLUG);
        expect(toSlug(name, 'product').length).toBeLessThanOrEqual(100);
      }),
    );
  });
});
