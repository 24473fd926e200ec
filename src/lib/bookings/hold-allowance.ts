/** What a user can hold unpaid. */
export interface HoldAllowance {
  /** False if the user must verify their email address first. */
  isVerified: boolean;
  /** Seconds to wait before the next hold; 0 for no wait. */
  pauseSeconds: number;
  maxTickets: number;
}

interface History {
  /** Holds that the account cancelled or let expire within the last hour, and seconds since the last. */
  account: { count: number; secondsAgo: number };
  /** The same for all accounts in its network. */
  network: { count: number; secondsAgo: number };
}

interface Limits {
  pauseMinutes: number;
  maxTickets: number;
}

const MAX_PAUSE_SECONDS = 3600;
/** Many people share a network, so this many abandoned holds of a network count like one of an account. */
const NETWORK_ALLOWANCE = 10;

function getPauseLeft(strikes: number, secondsAgo: number, pauseMinutes: number): number {
  if (strikes === 0) return 0;
  const pause = Math.min(MAX_PAUSE_SECONDS, pauseMinutes * 60 * 2 ** Math.min(strikes - 1, 20));
  return Math.max(0, pause - secondsAgo);
}

/** Doubles the pause and halves the maximum number of tickets for each abandoned hold. */
export function calculateHoldAllowance(
  { account, network }: History,
  { pauseMinutes, maxTickets }: Limits,
): Omit<HoldAllowance, 'isVerified'> {
  if (pauseMinutes === 0) return { pauseSeconds: 0, maxTickets };
  const networkStrikes = Math.floor(network.count / NETWORK_ALLOWANCE);
  return {
    pauseSeconds: Math.ceil(
      Math.max(
        getPauseLeft(account.count, account.secondsAgo, pauseMinutes),
        getPauseLeft(networkStrikes, network.secondsAgo, pauseMinutes),
      ),
    ),
    maxTickets: Math.max(1, Math.floor(maxTickets / 2 ** Math.min(account.count + networkStrikes, 20))),
  };
}
