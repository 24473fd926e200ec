import { createReference } from '../../src/runtime/references';

describe('newReference', () => {
  const references = Array.from({ length: 20_000 }, createReference);

  it('has ten unambiguous letters and digits', () => {
    for (const reference of references) expect(reference).toMatch(/^[34679CDFGHJKMNPQRTVWXY]{10}$/);
  });

  it('does not repeat', () => {
    expect(new Set(references).size).toBe(references.length);
  });

  it('uses all letters equally often', () => {
    const counts = new Map<string, number>();
    for (const letter of references.join('')) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    expect(counts.size).toBe(22);
    // 200,000 letters, so 9,091 of each, within six standard deviations.
    for (const count of counts.values()) expect(Math.abs(count - 200_000 / 22)).toBeLessThan(6 * 93.2);
  });
});
