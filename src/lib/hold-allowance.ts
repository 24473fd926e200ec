/** What somebody may hold unpaid. */
export interface HoldAllowance {
  /** False where a verified address is needed first. */
  isVerified: boolean;
  /** How long they have to wait, in seconds; 0: not at all. */
  pauseSeconds: number;
  maxTickets: number;
}

interface History {
  /** Holds that the account gave up or let run out within the last hour, and seconds since the last. */
  ofAccount: { count: number; secondsAgo: number };
  /** The same of everybody in its network. */
  ofNetwork: { count: number; secondsAgo: number };
}

interface Limits {
  pauseMinutes: number;
  maxTickets: number;
}

const MAX_PAUSE_SECONDS = 3600;
/** Many people share a network: so many abandoned holds of one weigh as much as one of an account. */
const NETWORK_ALLOWANCE = 10;

function getPauseLeft(strikes: number, secondsAgo: number, pauseMinutes: number): number {
  if (strikes === 0) return 0;
  const pause = Math.min(MAX_PAUSE_SECONDS, pauseMinutes * 60 * 2 ** Math.min(strikes - 1, 20));
  return Math.max(0, pause - secondsAgo);
}

/** Each abandoned hold doubles the pause before the next and halves how many tickets it may have. */
export function calculateHoldAllowance(
  { ofAccount, ofNetwork }: History,
  { pauseMinutes, maxTickets }: Limits,
): Omit<HoldAllowance, 'isVerified'> {
  if (pauseMinutes === 0) return { pauseSeconds: 0, maxTickets };
  const ofOthers = Math.floor(ofNetwork.count / NETWORK_ALLOWANCE);
  return {
    pauseSeconds: Math.ceil(
      Math.max(
        getPauseLeft(ofAccount.count, ofAccount.secondsAgo, pauseMinutes),
        getPauseLeft(ofOthers, ofNetwork.secondsAgo, pauseMinutes),
      ),
    ),
    maxTickets: Math.max(1, Math.floor(maxTickets / 2 ** Math.min(ofAccount.count + ofOthers, 20))),
  };
}
