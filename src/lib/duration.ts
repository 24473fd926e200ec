import ms, { type StringValue } from 'ms';

/** Returns the seconds in `90`, `90s`, `15m`, `1h` or `7d`. */
export function toSeconds(duration: string): number {
  // `ms` reads a number without a unit as milliseconds.
  return /^\d+$/.test(duration) ? Number(duration) : ms(duration as StringValue) / 1000;
}
