import { nameProblem, withoutLinks } from '../../src/lib/names';

describe('nameProblem', () => {
  it.each([
    "O'Brien",
    'O’Brien',
    'J. R. R. Tolkien',
    'J.R.R. Tolkien',
    'J.R.R.Tolkien',
    'J.Li',
    'Dr.Li',
    'Dr. med. Ana-Maria',
    'Dr.med. Ana',
    'José da Silva Jr.',
    'Sammy Davis Jr.',
    'St. Gallen',
    'St.Gallen',
    'Müller-Lüdenscheidt',
    'Nguyễn Thị Hồng Nhung',
    'María José Carreño Quiñones',
    'Jean-Luc d’Arc',
    'Gal·la Placídia',
    'علی‌رضا',
    'ක්‍රිෂ්ණ',
    'ジョン・スミス',
    'モーニング娘。',
    '大阪 太郎',
    'Иван Иванович',
    'Björk',
    'A',
    'Vol. 2: The Return',
    'Jazz at 7.30',
    'AC/DC',
    'AC//DC tribute',
    'No.1 Hits',
    'Node.js evening',
    'Who? Me: a musical',
    'Data: a play',
    'Fish & Chips (live) [sold out soon]',
    '31.12.2030 at 20.00',
    '🎉Party🎉',
    '❤️ Love Songs 👨‍👩‍👧',
    '👍🏽 Thumbs',
  ])('%j is a name', (name) => expect(nameProblem(name)).toBeUndefined());

  it.each([
    'You won! https://evil.example',
    'http://evil',
    'HTTPS://EVIL.EXAMPLE',
    'hxxp://evil.example',
    'hxxps evil',
    'Claim at bit.ly/x',
    'bit.ly/x',
    'BIT.LY/X',
    'bit.ly',
    't.co/abc',
    't.me/abc',
    'evil.example',
    'evil.com',
    'evil.com.',
    'see evil.com, now',
    '(evil.com)',
    'www.evil',
    'www2.evil.org',
    'evil.co.uk',
    'evil.zip',
    'sub.evil.io:8080',
    'evil.unknown/path',
    'пример.рф',
    'xn--e1afmkfd.xn--p1ai',
    'bit。ly/x',
    'bit．ly／x',
    'bit｡ly',
    'ｅｖｉｌ．ｃｏｍ',
    'bit․ly',
    'evil[.]com',
    'evil (dot) com',
    '[win](evil)',
    '[win][1]',
    '![x](y)',
    '<a href=x>win</a>',
    'mailto:a@b',
    'ada@example.com',
    'javascript:alert(1)',
    'tel:+1900555',
    '192.168.0.1',
    '//evil.example/x',
    'ftp://x',
  ])('%j has a link', (name) => expect(nameProblem(name)).toMatch(/link/));

  it.each([
    'Ada\nBcc: x',
    'Ada\r',
    'Ada\tB',
    'A\u0000da',
    'A\u0007da',
    'A\u0085da',
    'A\u200bda',
    'A\u200dda',
    'A\u200cda',
    'A\u2060da',
    'A\ufeffda',
    'A\u00adda',
    'A\u202eda',
    'A\u2066da\u2069',
    'A\u200fda',
    'A\u061cda',
    'A\u2028da',
    'A\u3164da',
    'A\u115fda',
    'A\u{e0041}da',
    'bit\u200b.ly/x',
    '\u2800',
  ])('%j has characters that are not seen', (name) => expect(nameProblem(name)).toMatch(/invisible/));

  it('takes no longer for what was made to take long', () => {
    const begun = performance.now();
    for (const part of ['a.', '[', 'a-', '. ', '<', 'www.', '1.', '(. ']) nameProblem(part.repeat(1000));
    expect(performance.now() - begun).toBeLessThan(200);
  });
});

describe('withoutLinks', () => {
  it('leaves the text, and takes out what could be followed', () => {
    expect(withoutLinks('Doors at 7.30.\nSee https://evil.example/x and bit.ly/y!\n\nBye')).toBe(
      'Doors at 7.30.\nSee … and …\n\nBye',
    );
    expect(withoutLinks('[click here](evil) now')).toBe('…');
    expect(withoutLinks('O\u202eK')).toBe('OK');
  });
});
