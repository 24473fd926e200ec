/** @type {typeof import('../en/desk-users.js').texts} */
export const texts = {
  title: 'Konten',
  empty: 'Es gibt keine Konten.',
  search: 'Anfang von Name oder E-Mail-Adresse',
  role: 'Rolle',
  roles: { customer: 'Kunde', organizer: 'Veranstalter', admin: 'Admin' },
  status: 'Status',
  statuses: { active: 'Aktiv', suspended: 'Gesperrt' },
  name: 'Name',
  email: 'E-Mail-Adresse',
  lastLogin: 'Zuletzt angemeldet',
  never: 'nie',
  suspend: 'Sperren',
  reinstate: 'Entsperren',
  suspendTitle: (name) => `${name} sperren?`,
  suspendText: 'Das Konto wird innerhalb von Sekunden abgemeldet und kann sich nicht wieder anmelden.',
  whatTheyHave: (sessions, bookings, events) =>
    `Angemeldete Geräte: ${sessions}. Buchungen: ${bookings}. Eigene Veranstaltungen: ${events}. Buchungen und Veranstaltungen bleiben bestehen.`,
  suspended: (name) => `${name} ist gesperrt.`,
  reinstated: (name) => `${name} kann sich wieder anmelden.`,
};
