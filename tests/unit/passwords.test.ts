import { isTooLong, passwordProblem } from '../../src/lib/passwords';

describe('passwordProblem', () => {
  it.each([
    ['', 'at least 8'],
    ['1234567', 'at least 8'],
    ['x'.repeat(73), 'at most 72 bytes'],
    ['é'.repeat(37), 'at most 72 bytes'],
    ['password', 'everybody tries first'],
    ['12345678', 'everybody tries first'],
    ['Password1', 'everybody tries first'],
    ['qwertyuiop', 'everybody tries first'],
    ['iloveyou', 'everybody tries first'],
  ])('finds something wrong with %j', (password, problem) => {
    expect(passwordProblem(password)).toContain(problem);
  });

  it.each(['a long enough pass phrase', 'x'.repeat(72), 'é'.repeat(36), 'T1cket-Office', '🎟️🎟️🎟️🎟️'])(
    'finds nothing wrong with %j',
    (password) => {
      expect(passwordProblem(password)).toBeUndefined();
    },
  );
});

describe('isTooLong', () => {
  it('counts bytes', () => {
    expect([isTooLong('é'.repeat(36)), isTooLong('é'.repeat(37))]).toEqual([false, true]);
  });
});
