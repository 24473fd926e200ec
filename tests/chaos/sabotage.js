'use strict';

// Loaded into the processes of the program before anything else: breaks the guard that SABOTAGE names, to show that chaos finds it.

const { _extensions: extensions } = /** @type {any} */ (require('node:module'));

const chance = (/** @type {number} */ share) => Math.random() < share;

/**
 * By name, the module of the program that is changed, and how.
 * @type {Record<string, { module: string, change: (actual: any) => void }>}
 */
const saboteurs = {
  'answers before the commit': {
    module: 'services/inventory/run-batch',
    change(actual) {
      const { runBatch } = actual;
      actual.runBatch = async (/** @type {any} */ trx, /** @type {any[]} */ ...rest) => {
        const decided = await runBatch(trx, ...rest);
        await decided.written;
        if (chance(0.05)) await trx.raw('ROLLBACK');
        return decided;
      };
    },
  },
  'forgets the idempotency keys': {
    module: 'models/inventory/read-state',
    change(actual) {
      const { readInventoryState } = actual;
      actual.readInventoryState = async (/** @type {any[]} */ ...request) => {
        const state = await readInventoryState(...request);
        state.idempotentResults = new Map();
        return state;
      };
    },
  },
  'locks no inventory': {
    module: 'models/inventory/read-state',
    change(actual) {
      actual.lockInventory = (/** @type {any} */ trx, /** @type {number[]} */ ids) =>
        trx('event_inventory').whereIn('event_id', ids).orderBy('event_id').select('event_id', 'waiting');
    },
  },
  'writes no cancellations': {
    module: 'models/inventory/write-changes',
    change(actual) {
      const { writeChanges } = actual;
      actual.writeChanges = (/** @type {any} */ trx, /** @type {number} */ now, /** @type {any} */ changes) =>
        writeChanges(trx, now, { ...changes, updatedBookings: new Set() });
    },
  },
  'offers no freed tickets': {
    module: 'services/inventory/rules/waitlist',
    change(actual) {
      actual.makeOffers = () => undefined;
    },
  },
  'records mail that it did not send': {
    module: 'integrations/email/index',
    change(actual) {
      const { email } = actual;
      actual.email = () => {
        const driver = email();
        return { ...driver, send: (/** @type {any} */ mail) => (chance(0.05) ? Promise.resolve() : driver.send(mail)) };
      };
    },
  },
  'handles messages again that are done': {
    module: 'models/outbox/message-states',
    change(actual) {
      const { recordOutcomes } = actual;
      actual.recordOutcomes = (/** @type {any} */ db, /** @type {any[]} */ outcomes) =>
        recordOutcomes(
          db,
          outcomes.map((outcome) =>
            outcome.status === 'done' && chance(0.3)
              ? { id: outcome.id, status: 'delayed', attempts: 1, error: 'sabotage', delaySeconds: 0.1 }
              : outcome,
          ),
        );
    },
  },
  'finishes messages without handling them': {
    module: 'models/outbox/message-states',
    change(actual) {
      const { leaseMessages } = actual;
      actual.leaseMessages = async (/** @type {any} */ db, /** @type {any[]} */ ...rest) => {
        const leased = await leaseMessages(db, ...rest);
        const dropped = leased.filter(() => chance(0.1));
        if (dropped.length > 0)
          await db('outbox_messages')
            .whereIn(
              'id',
              dropped.map((/** @type {any} */ { id }) => id),
            )
            .update({ status: 'done' });
        return leased.filter((/** @type {any} */ message) => !dropped.includes(message));
      };
    },
  },
  'ends when PostgreSQL does': {
    module: 'database/index',
    change() {
      const { Client } = /** @type {any} */ (require('pg'));
      const { connect } = Client.prototype;
      Client.prototype.connect = function (/** @type {any[]} */ ...args) {
        this.on('error', () => process.exit(1));
        return connect.apply(this, args);
      };
    },
  },
};

const chosen = saboteurs[process.env.SABOTAGE ?? ''];
if (chosen) {
  const load = extensions['.js'];
  extensions['.js'] = (/** @type {{ exports: any }} */ loaded, /** @type {string} */ filename) => {
    load(loaded, filename);
    if (filename.replaceAll('\\', '/').endsWith(`/dist/${chosen.module}.js`)) chosen.change(loaded.exports);
  };
}

exports.saboteurs = saboteurs;
