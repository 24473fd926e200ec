import type { Texts } from './en';

const tickets = (count: number): string => (count === 1 ? '1 Ticket' : `${count} Tickets`);

export const de: Texts = {
  greeting: (name) => `Guten Tag ${name},`,
  greetingNobody: 'Guten Tag,',
  unsubscribeAll: 'Sie möchten an dieser Adresse keine Mails von uns? Abmelden:',
  unsubscribe: 'Sie möchten solche Mails nicht mehr? Abmelden:',
  tickets,
  reason: (reason) => `Grund: ${reason}`,
  seatWords: { row: 'Reihe', seat: 'Platz', seats: 'Plätze' },
  facts: {
    event: 'Veranstaltung',
    time: 'Zeit',
    end: 'Ende',
    venue: 'Ort',
    tickets: 'Tickets',
    seat: 'Platz',
    seats: 'Plätze',
    total: 'Summe',
    free: 'kostenlos',
    reference: 'Buchungsnummer',
    held: 'Für Sie reserviert',
    until: 'Bis',
    ticket: 'Ticket',
    token: 'Code',
    validUntil: 'Gültig bis',
    order: 'Bestellung',
    refund: 'Erstattung',
    credits: 'Guthaben',
    supportTicket: 'Anfrage',
    subject: 'Betreff',
    carrier: 'Versand durch',
    trackingNumber: 'Sendungsnummer',
    received: 'Eingegangen',
  },
  actions: {
    showBooking: 'Buchung ansehen',
    showEvent: 'Veranstaltung ansehen',
    downloadTickets: 'Tickets herunterladen (PDF)',
    downloadInvoice: 'Rechnung herunterladen (PDF)',
    bookNow: 'Jetzt buchen',
    confirmAddress: 'Adresse bestätigen',
    choosePassword: 'Neues Passwort wählen',
    payNow: 'Jetzt zahlen',
    showOrder: 'Bestellung ansehen',
    claimRefund: 'Geld abholen',
    trackParcel: 'Sendung verfolgen',
    showCredits: 'Guthaben ansehen',
    showLicenses: 'Lizenzen ansehen',
    showSupportTicket: 'Anfrage ansehen',
  },
  bookingConfirmed: {
    title: (event) => `Ihre Buchung für ${event} ist bestätigt`,
    body: (count, reference) => `Sie haben ${tickets(count)}. Ihre Buchungsnummer ist ${reference}.`,
    attached: 'Ihre Tickets liegen bei: Zeigen Sie ihre Codes am Einlass. Jedes gilt für eine Person und einmal.',
    linked:
      'Laden Sie Ihre Tickets unten herunter und zeigen Sie ihre Codes am Einlass. Jedes gilt für eine Person und einmal.',
  },
  bookingCancelled: {
    title: (event) => `Ihre Buchung für ${event} ist storniert`,
    titleByEvent: (event) => `${event} ist abgesagt`,
    customer: 'Ihre Buchung wurde storniert, wie Sie es gewünscht haben.',
    organizer: 'Ihre Buchung wurde vom Veranstalter storniert.',
    event: 'Die Veranstaltung findet nicht statt, deshalb wurde Ihre Buchung storniert.',
    dispute: 'Ihre Zahlung wurde zurückgebucht, deshalb sind Ihre Tickets ungültig.',
  },
  bookingExpired: {
    title: (event) => `Ihre Reservierung für ${event} ist abgelaufen`,
    body: (count) =>
      `Sie wurde nicht rechtzeitig bezahlt, deshalb können andere ${count === 1 ? 'das Ticket' : `die ${tickets(count)}`} buchen. Sie können erneut buchen.`,
  },
  bookingReminder: {
    title: (event) => `${event} beginnt bald`,
    body: (count) => `Wir erinnern Sie an Ihre Buchung: ${tickets(count)}.`,
  },
  bookingRescheduled: {
    title: (event) => `Geändert: ${event}`,
    body: 'Zeit oder Ort der Veranstaltung haben sich geändert. Wenn es Ihnen nicht mehr passt, können Sie bis zum Beginn stornieren.',
    change: (name, from, to) => `${name}: bisher ${from}; jetzt ${to}`,
  },
  eventUpdated: {
    title: (event) => `${event} hat sich geändert`,
    body: (what) => `Der Veranstalter hat geändert: ${what}.`,
    words: { title: 'Titel', description: 'Beschreibung', time: 'Zeit', venue: 'Ort', details: 'Einzelheiten' },
  },
  eventMessage: {
    author: (name, event) => (name ? `${name} veranstaltet ${event} und schreibt:` : `Vom Veranstalter von ${event}:`),
    subject: (event) => `Eine Nachricht zu ${event}`,
    footer: (event) => `Sie erhalten dies vom Veranstalter von ${event}, weil Sie ein Ticket dafür haben.`,
  },
  ticketTransferred: {
    title: (event) => `Ihr Ticket für ${event}`,
    body: 'Wer dieses Ticket gebucht hatte, hat es an Sie weitergegeben. Es liegt bei: Zeigen Sie seinen Code am Einlass. Es gilt für eine Person und einmal, geben Sie es also nicht aus der Hand.',
  },
  ticketIssued: {
    title: (event) => `Ihr Ticket für ${event}`,
    body: 'Jemand hat ein Ticket für Sie gebucht.',
    attached:
      'Es liegt bei: Zeigen Sie seinen Code am Einlass. Es gilt für eine Person und einmal, geben Sie es also nicht aus der Hand.',
  },
  ticketReminder: { body: 'Wir erinnern Sie an Ihr Ticket.' },
  ticketRescheduled: { body: 'Zeit oder Ort der Veranstaltung haben sich geändert. Ihr Ticket gilt unverändert.' },
  ticketVoid: {
    title: (event) => `Ihr Ticket für ${event} ist ungültig`,
    event: 'Die Veranstaltung findet nicht statt, deshalb ist Ihr Ticket ungültig.',
    booking: 'Die Buchung, zu der es gehört, wurde storniert. Das Ticket berechtigt nicht mehr zum Eintritt.',
  },
  paymentFailed: {
    title: (event) => `Ihre Zahlung für ${event} ist fehlgeschlagen`,
    body: (money, count, until) =>
      `${money} konnten nicht eingezogen werden, es wurde nichts abgebucht. Für Sie ${count === 1 ? 'ist' : 'sind'} ${tickets(count)} reserviert${until === null ? '' : ` bis ${until}`}: Bitte versuchen Sie es noch einmal, oder zahlen Sie auf anderem Weg.`,
    bodyOfOrder: (money, until) =>
      `${money} konnten nicht eingezogen werden, es wurde nichts abgebucht. Was Sie bestellt haben, ist für Sie reserviert${until === null ? '' : ` bis ${until}`}: Bitte versuchen Sie es noch einmal, oder zahlen Sie auf anderem Weg.`,
  },
  orderPaid: {
    order: (number) => `Bestellung ${number}`,
    title: (number) => `Danke für Ihre Bestellung ${number}`,
    body: 'Ihre Zahlung ist eingegangen. Tickets und Lizenzen kommen in eigenen E-Mails, Waren werden Ihnen zugeschickt.',
    items: 'Positionen',
  },
  orderExpired: {
    title: (number) => `Ihre Bestellung ${number} ist abgelaufen`,
    body: 'Sie wurde nicht rechtzeitig bezahlt. Was Sie bestellt haben, ist deshalb nicht mehr für Sie reserviert, und es wurde nichts abgebucht. Sie können erneut bestellen.',
  },
  orderFulfilled: {
    title: (number) => `Ihre Bestellung ${number} ist unterwegs`,
    body: 'Diese Artikel Ihrer Bestellung wurden an Sie verschickt.',
  },
  orderWithdrawn: {
    title: (number) => `Wir haben Ihren Widerruf zur Bestellung ${number} erhalten`,
    body: 'Sie haben den Kauf dieser Artikel widerrufen. Diese E-Mail bestätigt, wann der Widerruf eingegangen ist.',
    refund:
      'Das Geld geht dorthin zurück, woher es kam. Bitte senden Sie innerhalb von 14 Tagen zurück, was Sie schon erhalten haben.',
  },
  withdrawalReceived: {
    title: (number) => `Widerruf zur Bestellung ${number}`,
    body: 'Der Kauf dieser Ihrer Artikel wurde widerrufen. Die Erstattung ist unterwegs. Was schon versandt wurde, sollte innerhalb von 14 Tagen zu Ihnen zurückkommen.',
  },
  refundSent: {
    title: (money, event) => `Erstattung von ${money} für ${event}`,
    sent: (money) =>
      `${money} sind auf dem Weg zurück dorthin, womit Sie bezahlt haben. Bei manchen Banken dauert das einige Tage.`,
    toBeClaimed: (money) =>
      `${money} gehören wieder Ihnen. Dieses Zahlungsmittel kann nicht von selbst zurücküberweisen: Bitte sagen Sie, wohin das Geld soll.`,
    toCredits: (money) =>
      `${money} wurden Ihrem Guthaben gutgeschrieben. Sie können bei Ihrer nächsten Bestellung damit bezahlen.`,
    cancellation: 'Ihre Buchung wurde storniert.',
    unusable:
      'Ihre Zahlung konnte nicht oder nicht ganz verwendet werden: Sie kam zu spät, doppelt, oder war nicht das, was die Bestellung kostet.',
  },
  creditsGranted: {
    title: (money) => `Sie haben ${money} Guthaben erhalten`,
    body: 'Es ist Ihrem Konto gutgeschrieben. Sie können bei Ihrer nächsten Bestellung damit bezahlen.',
  },
  creditsExpiring: {
    title: (money) => `${money} Guthaben verfallen bald`,
    body: 'Bis dahin können Sie noch damit bezahlen.',
  },
  licenseIssued: {
    title: (count, product) => (count === 1 ? `Ihre Lizenz für ${product}` : `Ihre ${count} Lizenzen: ${product}`),
    body: (count) =>
      count === 1
        ? 'Das ist Ihr Lizenzschlüssel. Geben Sie ihn im Programm ein, und geben Sie ihn nicht weiter.'
        : 'Das sind Ihre Lizenzschlüssel. Geben Sie je einen im Programm ein, und geben Sie sie nicht weiter.',
    more: (count) => `${count} weitere Schlüssel stehen in Ihrem Konto.`,
  },
  waitlistOffered: {
    title: (count, event) => `${tickets(count)} für ${event}: Ihre, wenn Sie rechtzeitig buchen`,
    body: (count, until) =>
      `Sie sind an der Reihe: ${tickets(count)} ${count === 1 ? 'ist' : 'sind'} für Sie reserviert bis ${until}.`,
    how: 'Um das Angebot anzunehmen, buchen Sie die Veranstaltung bis dahin wie jede andere. Wenn Sie nichts tun, gehen die Tickets an die Nächsten auf der Warteliste.',
  },
  waitlistExpired: {
    title: (event) => `Ihr Angebot für ${event} ist abgelaufen`,
    body: 'Die für Sie reservierten Tickets wurden nicht rechtzeitig gebucht und sind an die Nächsten auf der Warteliste gegangen. Sie können sich wieder anstellen, am Ende der Warteliste.',
  },
  waitlistTypeClosed: {
    title: (event) => `Ihr Platz auf der Warteliste für ${event} ist aufgehoben`,
    body: 'Die Tickets, auf die Sie gewartet haben, werden nicht mehr angeboten, deshalb ist die Warteliste für sie geschlossen. Sie können auf andere Tickets der Veranstaltung warten.',
  },
  waitlistClosed: {
    title: (event) => `${event} ist abgesagt`,
    body: 'Die Veranstaltung findet nicht statt, deshalb ist ihre Warteliste geschlossen.',
  },
  supportMessage: {
    replied: (number, subject) => `Re: ${subject} (${number})`,
    asked: (number, subject) => `${number}: ${subject}`,
    staffWrites: 'Wir haben Ihre Anfrage beantwortet:',
    customerWrites: (name) => (name ? `${name} schreibt:` : 'Jemand schreibt:'),
  },
  supportOverdue: {
    title: (number, subject) => `Überfällig: ${number}: ${subject}`,
    body: 'Diese Anfrage wurde nicht rechtzeitig beantwortet. Bitte beantworten Sie sie jetzt.',
  },
  supportResolved: {
    title: (number, subject) => `Erledigt: ${subject} (${number})`,
    body: 'Wir halten Ihre Anfrage für erledigt. Falls sie es nicht ist, antworten Sie innerhalb von 7 Tagen. Danach wird sie geschlossen; Sie können sie dann noch 14 Tage lang wieder öffnen.',
  },
  verification: {
    title: 'Bitte bestätigen Sie Ihre E-Mail-Adresse',
    body: 'Diese Adresse wurde für ein Konto bei Bilten angegeben. Wenn Sie das waren, bestätigen Sie sie; wenn nicht, brauchen Sie nichts zu tun.',
  },
  passwordReset: {
    title: 'Setzen Sie Ihr Passwort zurück',
    body: 'Jemand hat ein neues Passwort für Ihr Konto angefordert. Wenn Sie das nicht waren, beachten Sie diese Mail nicht: Ihr Passwort bleibt, wie es ist.',
  },
  sms: {
    offered: (count, event, until) => `${tickets(count)} für ${event}: für Sie reserviert bis ${until}.`,
    cancelled: (event) => `${event} ist abgesagt. Sie brauchen nichts zu tun; mehr steht in Ihrer Mail.`,
    moved: (event, when) => `${event} hat sich geändert. Neuer Termin: ${when}.`,
    reminder: (event, when) => `${event} beginnt: ${when}.`,
  },
  failurePage: {
    retry: 'Erneut versuchen',
    home: 'Zu den Veranstaltungen',
    notFound: {
      title: 'Nicht gefunden',
      body: 'Der Link ist unvollständig, oder die Seite, zu der er führte, gibt es nicht mehr. Bitte prüfen Sie, ob Sie ihn vollständig kopiert haben.',
    },
    refused: {
      title: 'Dieser Link funktioniert nicht',
      body: 'Er ist vielleicht unvollständig oder nicht mehr gültig. Bitte fordern Sie einen neuen an.',
    },
    tooMany: {
      title: 'Zu viele Anfragen',
      body: 'Bitte warten Sie einige Minuten und versuchen Sie es dann noch einmal.',
    },
    broken: {
      title: 'Etwas ist schiefgegangen',
      body: 'Der Fehler liegt bei uns. Bitte versuchen Sie es in einigen Minuten noch einmal.',
    },
  },
  unsubscribePage: {
    title: 'Abmelden',
    reminders: 'Möchten Sie nicht mehr per Mail an Veranstaltungen erinnert werden?',
    messages: 'Möchten Sie keine Nachrichten von Veranstaltern mehr per Mail?',
    all: 'Möchten Sie an diese Adresse gar keine Mails von Bilten mehr, auch keine Tickets, die andere für Sie buchen?',
    button: 'Abmelden',
    done: 'Sie erhalten keine solchen Mails mehr. Ihre Tickets, und was sie betrifft, kommen weiterhin per Mail. In Ihrem Konto können Sie das wieder ändern.',
    allDone:
      'Wir schicken an diese Adresse keine Mails mehr. Wenn Sie sich mit ihr registrieren und sie bestätigen, hören Sie wieder von uns.',
  },
};
