import { describeDiskProblem } from '../../src/launch/report';

describe('describeDiskProblem', () => {
  it.each([
    ['EROFS', 'mkdir', /read-only/],
    ['EACCES', 'open', /may not/],
    ['ENOSPC', 'write', /full/],
    ['ENOTDIR', 'mkdir', /file/],
  ])('explains %s, and names the setting', (code, syscall, meaning) => {
    const error = Object.assign(new Error(`${code}: …, ${syscall} '/srv/data'`), { code, syscall, path: '/srv/data' });
    const sentence = describeDiskProblem(error);
    expect(sentence).toMatch(meaning);
    expect(sentence).toMatch(/\/srv\/data/);
    expect(sentence).toMatch(/DATA_DIR/);
  });

  it('ignores errors that do not concern files', () => {
    for (const error of [
      new Error('The database cannot be used.'),
      Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' }),
      Object.assign(new Error('listen EACCES'), { code: 'EACCES', syscall: 'listen', port: 80 }),
    ])
      expect(describeDiskProblem(error)).toBeUndefined();
  });
});
