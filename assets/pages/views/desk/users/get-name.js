/** Returns what a person is called: their name if they gave one. @param {{ firstName: string | null, lastName: string | null, email: string }} person */
export const getName = ({ firstName, lastName, email }) => [firstName, lastName].filter(Boolean).join(' ') || email;
