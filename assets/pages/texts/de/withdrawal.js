/** @type {typeof import('../en/withdrawal.js').texts} */
export const texts = {
  title: 'Vertrag widerrufen',
  explanation:
    'Sie können ohne Angabe von Gründen zurückgeben, was Sie gekauft haben. Wählen Sie die Stückzahlen. Der Preis wird auf dem Weg erstattet, auf dem Sie bezahlt haben, und wenn Sie alle Waren zurückgeben, auch der Versand.',
  bought: (count) => `Gekauft: ${count}`,
  howMany: 'Widerrufene Stückzahl',
  until: (time) => `Möglich bis ${time}.`,
  notSentYet: 'Möglich: Es ist noch nicht alles versandt, also hat die Frist noch nicht begonnen.',
  withdraw: 'Vertrag hier widerrufen',
  nothing: 'In dieser Bestellung kann zurzeit nichts widerrufen werden.',
  chooseFirst: 'Wählen Sie mindestens ein Stück.',
  confirmTitle: 'Widerruf bestätigen',
  confirmText: (number, name, email) =>
    `Hiermit widerrufe ich, ${name}, den Vertrag der Bestellung ${number} über die unten genannten Stücke. Die Eingangsbestätigung geht an ${email}.`,
  confirm: 'Widerruf bestätigen',
  received: (time) => `Ihr Widerruf ist am ${time} eingegangen.`,
  refund: (amount) => `${amount} werden erstattet. Eine E-Mail mit dieser Bestätigung ist unterwegs.`,
  shipping: 'Versand',
  reasons: {
    EVENT_TICKET:
      'Tickets für eine Veranstaltung an einem festen Termin können nicht widerrufen werden. Vielleicht können Sie die Buchung stornieren.',
    LICENSE_ACTIVATED: 'Eine Lizenz, die aktiviert wurde, kann nicht widerrufen werden.',
    DOWNLOADED: 'Der Download hat begonnen, und Sie haben zugestimmt, dass damit das Widerrufsrecht erlischt.',
    PERIOD_OVER: 'Die Widerrufsfrist ist abgelaufen.',
    RETURNED: 'Der Rest wurde bereits widerrufen oder erstattet.',
  },
  errors: {
    ORDER_NOT_PAID: 'Diese Bestellung ist nicht bezahlt.',
    WITHDRAWAL_PERIOD_OVER: 'Die Widerrufsfrist ist abgelaufen.',
    WITHDRAWAL_EXCLUDED: 'Das kann nicht mehr widerrufen werden. Laden Sie die Seite neu.',
    INSUFFICIENT_CREDITS: 'Ein Teil des gekauften Guthabens ist bereits ausgegeben.',
  },
};
