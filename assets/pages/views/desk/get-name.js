/**
 * Returns what a person is called: their name if they gave one.
 * @param {{ firstName: string | null, lastName?: string | null, email?: string }} person @param {string} [unnamed] instead of the email
 */
export const getName = ({ firstName, lastName, email = '' }, unnamed = email) =>
  [firstName, lastName].filter(Boolean).join(' ') || unnamed;
