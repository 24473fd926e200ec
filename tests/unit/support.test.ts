import { getFirstResponseDue, isPastReopening, parseSupportNumber, toSupportNumber } from '../../src/lib/support';

describe('support tickets', () => {
  it('are named by a number that people can type', () => {
    expect(toSupportNumber(123)).toBe('S-000123');
    for (const typed of ['S-000123', 's-123', ' 123 ', 'S123']) expect(parseSupportNumber(typed)).toBe(123);
    for (const typed of ['a question', 'S-', '12 3', '-1']) expect(parseSupportNumber(typed)).toBeUndefined();
  });

  it('have their first response due by priority', () => {
    const at = new Date('2030-01-01T00:00:00Z');
    const dues = (['low', 'normal', 'high', 'urgent'] as const).map((priority) =>
      getFirstResponseDue(at, priority, 24),
    );
    expect(dues.map((due) => (due.getTime() - at.getTime()) / 3_600_000)).toEqual([48, 24, 8, 4]);
  });

  it('can be reopened for 14 days', () => {
    const closed = new Date('2030-01-01T00:00:00Z');
    expect(isPastReopening(closed, Date.parse('2030-01-15T00:00:00Z'))).toBe(false);
    expect(isPastReopening(closed, Date.parse('2030-01-15T00:00:00.001Z'))).toBe(true);
    expect(isPastReopening(null, Date.now())).toBe(false);
  });
});
