import { texts } from '#texts/desk-event.js';
import { post } from '../../../lib/api.js';
import { withoutEmpty } from '../../../lib/form-values.js';
import { html } from '../../../lib/html.js';
import { navigate } from '../../../lib/location.js';
import { useAttempt } from '../../../lib/use-attempt.js';
import { getTimeZone } from '../../../lib/zoned-time.js';
import { Form } from '../../../ui/form.js';
import { Card } from '../../../ui/parts.js';
import { DeskHead } from '../desk-head.js';
import { listFields, toBody } from './event-fields.js';

/** Creates a draft. */
export function NewEvent() {
  const attempt = useAttempt();
  const timezone = getTimeZone();
  const values = {
    timezone,
    basePrice: '0',
    currency: 'EUR',
    taxRate: 0,
    taxInclusive: true,
    sendTicketsToAttendees: true,
    policy: 'full',
  };
  const create = async (/** @type {Record<string, any>} */ all) => {
    const body = { ...withoutEmpty(toBody(all, all)), status: 'draft' };
    const { id } = await attempt(body, (options) => post('/api/events', body, options));
    navigate(`/admin/events/${id}/tickets`);
  };
  return html`<${DeskHead} title=${texts.newEvent} hint=${texts.newHint} back=${['/admin/events', texts.list]} />
    <${Card} title=${texts.tabs.settings}>
      <${Form}
        fields=${listFields({ isNew: true, timezone })}
        values=${values}
        submit=${texts.saveDraft}
        onSubmit=${create}
      />
    <//>`;
}
