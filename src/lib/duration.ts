import ms, { type StringValue } from 'ms';

/** Seconds in `90`, `90s`, `15m`, `1h` or `7d`. */
export function toSeconds(duration: string): number {
  // Of a number without a unit `ms` says milliseconds.
  return /^\d+$/.test(duration) ? Number(duration) : ms(duration as StringValue) / 1000;
}
