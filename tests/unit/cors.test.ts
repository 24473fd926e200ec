import { isAllowedOrigin, toAllowedOrigins } from '../../src/lib/cors';

const FRONTENDS = ['https://Tickets.example:443/shop', 'http://other.example:8080'];
const LOCAL = [
  'http://localhost:5173',
  'http://127.0.0.1:8080',
  'https://localhost',
  'http://[::1]:4321',
  'http://shop.localhost:3000',
  'http://a.b.localhost',
  'http://127.0.0.2:80',
];
const STRANGERS = [
  'null',
  'https://evil.example',
  'https://tickets.example.evil.example',
  'https://tickets.example:8443',
  'http://tickets.example',
  'http://localhost.evil.example',
  'http://evillocalhost',
  'http://evil.example#.localhost',
  'http://127.0.0.1.2',
  'http://127.0.0.1.evil.example:80',
  'ftp://localhost',
];

describe('toAllowedOrigins', () => {
  const isAllowed = (origin: string, isProduction: boolean) =>
    isAllowedOrigin(origin, toAllowedOrigins(FRONTENDS, { isProduction }));

  it.each([true, false])('allows the front ends in any notation (production: %s)', (isProduction) => {
    for (const origin of ['https://tickets.example', 'http://other.example:8080'])
      expect(isAllowed(origin, isProduction)).toBe(true);
    for (const origin of STRANGERS) expect(isAllowed(origin, isProduction)).toBe(false);
  });

  it.each(LOCAL)('allows this machine outside production only: %s', (origin) => {
    expect([isAllowed(origin, false), isAllowed(origin, true)]).toEqual([true, false]);
  });
});
