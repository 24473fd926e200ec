/** Priorities of outbox messages and jobs. Lower numbers go first, so that urgent ones overtake a backlog. */
export const PRIORITY = { urgent: 1, money: 3, normal: 5 } as const;
