const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Seconds in `90`, `90s`, `15m`, `1h` or `7d`. */
export function toSeconds(duration: string): number {
  const unit = (/[smhd]$/.exec(duration)?.[0] ?? 's') as keyof typeof SECONDS;
  return Number.parseInt(duration, 10) * SECONDS[unit];
}
