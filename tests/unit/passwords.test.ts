import { isTooLong, findPasswordProblem } from '../../src/lib/passwords';

describe('passwordProblem', () => {
  it.each([
    ['', 'at least 8'],
    ['1234567', 'at least 8'],
    ['x'.repeat(73), 'at most 72 bytes'],
    ['é'.repeat(37), 'at most 72 bytes'],
    ['password', 'most common passwords'],
    ['12345678', 'most common passwords'],
    ['Password1', 'most common passwords'],
    ['qwertyuiop', 'most common passwords'],
    ['iloveyou', 'most common passwords'],
    ['x'.repeat(72), 'repeat a few characters'],
    ['🎟️🎟️🎟️🎟️', 'repeat a few characters'],
    ['abcdabcdabcd', 'repeat a few characters'],
    ['\t \u00A0\u3000\u2003\t \u2009', 'blank'],
  ])('finds a problem in %j', (password, problem) => {
    expect(findPasswordProblem(password)).toContain(problem);
  });

  it.each(['a long enough pass phrase', 'abcdefghi'.repeat(8), 'éàüßöæøçñ'.repeat(4), 'T1cket-Office', '🎟️🎭🎪🎤'])(
    'finds no problem in %j',
    (password) => {
      expect(findPasswordProblem(password)).toBeUndefined();
    },
  );
});

describe('isTooLong', () => {
  it('counts bytes', () => {
    expect([isTooLong('é'.repeat(36)), isTooLong('é'.repeat(37))]).toEqual([false, true]);
  });
});
