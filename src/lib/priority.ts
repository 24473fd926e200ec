/** Of messages in the outbox and of jobs: the lower number goes first. What is urgent gets past a backlog of the rest. */
export const PRIORITY = { urgent: 1, normal: 5 } as const;
