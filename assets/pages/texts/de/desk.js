/** @type {typeof import('../en/desk.js').texts} */
export const texts = {
  title: 'Verwaltung',
  menu: 'Menü',
  signOut: 'Abmelden',
  onlyStaff: 'Die Verwaltung ist für Veranstalter und Admins. Melden Sie sich mit einem anderen Konto an.',
  notYours: 'Hier gibt es nichts, oder Ihr Konto darf es nicht sehen.',
  groups: {
    overview: 'Überblick',
    events: 'Veranstaltungen',
    orders: 'Bestellungen',
    products: 'Produkte',
    support: 'Support',
    messages: 'Nachrichten',
    people: 'Personen',
    system: 'System',
  },
  sections: {
    messages: 'Nicht zugestellt',
    users: 'Konten',
    queues: 'Warteschlangen',
  },
  table: {
    filters: 'Suche und Filter',
    all: 'Alle',
    sort: 'Sortieren nach',
    usualOrder: 'Übliche Reihenfolge',
    found: (total, count) => (total === 1 ? '1 Eintrag' : `${count} Einträge`),
    foundMany: (count) => `Mehr als ${count} Einträge`,
    nothingFound: 'Nichts passt dazu. Versuchen Sie es mit weniger Filtern.',
    reset: 'Alle anzeigen',
    csv: 'Als CSV exportieren',
    actions: 'Aktionen',
  },
  form: {
    checkFields: 'Prüfen Sie die markierten Felder.',
    changedByOthers:
      'Das hat jemand geändert, seit Sie es geöffnet haben. Laden Sie es neu: Ihre Eingaben bleiben erhalten.',
    reload: 'Neu laden',
    zone: (zone) => `Uhrzeit in ${zone}.`,
  },
  errors: {
    PRECONDITION_FAILED: 'Das hat jemand geändert, seit Sie es geöffnet haben.',
    LAST_ADMIN: 'Das ist der letzte Admin; er kann weder gesperrt werden noch eine andere Rolle bekommen.',
  },
};
