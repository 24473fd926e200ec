// Must be loaded first, because src reads its settings while loading.
const SECRET = 'k3Vq8Zr1Xw6Tn9Bm4Ls7Hd2Jf5Gp0Cy8Re';
const NO_LIMIT = '1000000000';

Object.assign(process.env, { DOTENV_CONFIG_PATH: '/nonexistent/.env', JWT_SECRET: SECRET, JWT_EXPIRES_IN: '12h' });

/** Settings of the API under test: as in production, with rate limits that are counted but never reached. */
export const apiSettings = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  MAIL_DRIVER: 'local',
  PUBLIC_URL: 'https://api.example.com',
  FRONTEND_URL: 'https://tickets.example.com',
  PORT: '0',
  RATE_LIMIT_MAX_REQUESTS: NO_LIMIT,
  RATE_LIMIT_BOOKINGS: NO_LIMIT,
  RATE_LIMIT_SIGN_IN: NO_LIMIT,
};

export interface Sizes {
  rounds: number;
  users: number;
  events: number;
  warmUpSeconds: number;
  seconds: number;
  /** S7 compares this number with a hundredth of it. */
  large: { events: number; bookings: number };
  /** When memory is measured, in seconds of load. */
  memoryAtSeconds: [number, number];
}

export const fullSizes: Sizes = {
  rounds: 3,
  users: 100_000,
  events: 2500,
  large: { events: 1_000_000, bookings: 5_000_000 },
  warmUpSeconds: 3,
  seconds: 8,
  memoryAtSeconds: [20, 60],
};

/** A short run that shows that everything works, and roughly how fast. */
export const quickSizes: Sizes = {
  rounds: 1,
  users: 30_000,
  events: 2500,
  large: { events: 10_000, bookings: 50_000 },
  warmUpSeconds: 1.5,
  seconds: 4,
  memoryAtSeconds: [4, 12],
};

export const CONNECTIONS = 100;
