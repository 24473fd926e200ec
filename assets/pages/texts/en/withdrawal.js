export const texts = {
  title: 'Withdraw from the contract',
  explanation:
    'You can return what you have bought without giving a reason. Choose how many of each. The price is refunded the way you paid it; if you return all goods, the shipping too.',
  bought: (/** @type {string} */ count) => `Bought: ${count}`,
  howMany: 'How many to withdraw',
  until: (/** @type {string} */ time) => `Possible until ${time}.`,
  notSentYet: 'Possible: not everything has been sent, so the time to withdraw has not begun.',
  withdraw: 'Withdraw from the contract here',
  nothing: 'Nothing of this order can be withdrawn now.',
  chooseFirst: 'Choose at least one thing to withdraw.',
  confirmTitle: 'Confirm the withdrawal',
  confirmText: (/** @type {string} */ number, /** @type {string} */ name, /** @type {string} */ email) =>
    `I, ${name}, withdraw from the contract of order ${number} for what is listed below. The receipt goes to ${email}.`,
  confirm: 'Confirm withdrawal',
  received: (/** @type {string} */ time) => `We received your withdrawal ${time}.`,
  refund: (/** @type {string} */ amount) => `${amount} are refunded. A mail with this receipt is on its way.`,
  shipping: 'Shipping',
  reasons: {
    EVENT_TICKET: 'Tickets for an event on a date cannot be withdrawn. You may be able to cancel the booking.',
    LICENSE_ACTIVATED: 'A license that was activated cannot be withdrawn.',
    DOWNLOADED: 'The download has begun, and you agreed that this ends the right to withdraw.',
    PERIOD_OVER: 'The time to withdraw is over.',
    RETURNED: 'The rest was withdrawn or refunded before.',
  },
  errors: {
    ORDER_NOT_PAID: 'This order is not paid.',
    WITHDRAWAL_PERIOD_OVER: 'The time to withdraw is over.',
    WITHDRAWAL_EXCLUDED: 'This can no longer be withdrawn. Load the page again.',
    INSUFFICIENT_CREDITS: 'Some of the credits that you bought are spent already.',
  },
};
