import { useState } from 'preact/hooks';
import { createKey, post, remove } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { useAction } from '../../lib/use-load.js';
import { Checkbox, Field, readForm, Select } from '../../ui/field.js';
import { Card, Notice } from '../../ui/parts.js';
import { Problem } from '../../ui/states.js';
import { SignInDialog } from '../sign-in/sign-in-dialog.js';

const MAX_TICKETS = 10;

/** @param {{ event: import('#types').EventDetail, entry: import('#types').WaitlistEntry, onChange: () => void }} props */
function Place({ event, entry, onChange }) {
  const { waitlist: texts } = useTexts();
  const { moment, count } = useFormat();
  const leave = useAction(async () => {
    await remove(`/api/waitlist/${event.id}`);
    onChange();
  });
  const isOffered = entry.status === 'offered';
  return html`<${Notice} tone=${isOffered ? 'good' : 'calm'}>
    <p>
      ${
        isOffered
          ? texts.offered(entry.offeredCount, moment(entry.offerExpiresAt))
          : texts.waiting(entry.ticketsCount, count(entry.position))
      }
    </p>
    <button type="button" disabled=${leave.isBusy} onClick=${leave.run}>
      ${isOffered ? texts.decline : texts.leave}
    </button>
    <${Problem} error=${leave.error} />
  <//>`;
}

/** @param {{ event: import('#types').EventDetail, session: any, onChange: () => void }} props */
function JoinForm({ event, session, onChange }) {
  const { waitlist: texts } = useTexts();
  const [wanted, setWanted] = useState(/** @type {any} */ (undefined));
  const join = useAction(async (/** @type {any} */ body) => {
    await post('/api/waitlist/join', body, { idempotencyKey: createKey() });
    onChange();
  });
  const submit = (/** @type {Event} */ submitted) => {
    const { ticketsCount, ticketTypeId, acceptFewer } = readForm(submitted);
    const body = {
      eventId: event.id,
      ticketsCount: Number(ticketsCount),
      acceptFewer: acceptFewer === 'on',
      ...(ticketTypeId && { ticketTypeId: Number(ticketTypeId) }),
    };
    if (session.status === 'in') void join.run(body);
    else setWanted(body);
  };
  const types = event.ticketTypes.map((type) => [String(type.id), type.name]);
  return html`<${Card} title=${texts.title} level=${3}>
    <p>${texts.explanation}</p>
    <form onSubmit=${submit}>
      <${Field}
        label=${texts.count}
        name="ticketsCount"
        type="number"
        min="1"
        max=${event.maxPerUser ?? MAX_TICKETS}
        value="1"
        required
      />
      ${types.length > 1 && html`<${Select} label=${texts.type} name="ticketTypeId" options=${[['', texts.anyType], ...types]} />`}
      <${Checkbox} label=${texts.acceptFewer} name="acceptFewer" />
      <button class="primary" type="submit" disabled=${join.isBusy}>${texts.join}</button>
      <${Problem} error=${join.error} />
    </form>
    ${
      wanted &&
      html`<${SignInDialog}
        onClose=${() => setWanted(undefined)}
        onSignedIn=${() => {
          setWanted(undefined);
          void join.run(wanted);
        }}
      />`
    }
  <//>`;
}

/** The waitlist of a sold-out event: the user's place or offer, or the form to join. @param {{ event: import('#types').EventDetail, session: any, entry: import('#types').WaitlistEntry, hasBooking: boolean, onChange: () => void }} props */
export function Waitlist({ event, session, entry, hasBooking, onChange }) {
  if (entry) return html`<${Place} event=${event} entry=${entry} onChange=${onChange} />`;
  const isOpen = event.status === 'published' && event.totalTickets !== 0 && event.availableTickets === 0;
  if (!isOpen || hasBooking) return null;
  return html`<${JoinForm} event=${event} session=${session} onChange=${onChange} />`;
}
