import { get, put } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { setUser } from '../../lib/session.js';
import { useAction, useLoad } from '../../lib/use-load.js';
import { Checkbox, Field, readForm, Select } from '../../ui/field.js';
import { Loaded, Problem } from '../../ui/states.js';
import { toast } from '../../ui/toast.js';

const CHANNELS = /** @type {const} */ (['email', 'inApp', 'sms']);

/** @param {{ profile: import('#types').Profile, onSave: (changes: object) => Promise<unknown> }} props */
function Details({ profile, onSave }) {
  const { account: texts, languages } = useTexts();
  const save = useAction(onSave);
  const language = profile.locale.split('-')[0];
  const submit = (/** @type {Event} */ event) => {
    const { firstName = null, lastName = null, phone = null, locale } = readForm(event);
    void save.run({ firstName, lastName, phone, ...(locale !== language && { locale }) });
  };
  return html`<form class="card" onSubmit=${submit}>
    <h3>${texts.details}</h3>
    <${Field} label=${texts.firstName} name="firstName" autocomplete="given-name" value=${profile.firstName} />
    <${Field} label=${texts.lastName} name="lastName" autocomplete="family-name" value=${profile.lastName} />
    <${Field}
      label=${texts.phone}
      name="phone"
      type="tel"
      autocomplete="tel"
      value=${profile.phone}
      hint=${texts.phoneHint}
    />
    <${Select} label=${texts.mailLanguage} name="locale" value=${language} options=${Object.entries(languages)} />
    <${Problem} error=${save.error} />
    <button class="primary" type="submit" disabled=${save.isBusy}>${texts.save}</button>
  </form>`;
}

/** @param {{ profile: import('#types').Profile, onSave: (changes: object) => Promise<unknown> }} props */
function Preferences({ profile, onSave }) {
  const { account: texts } = useTexts();
  const save = useAction(onSave);
  const submit = (/** @type {Event} */ event) => {
    const chosen = readForm(event);
    const notificationPreferences = Object.fromEntries(
      CHANNELS.map((channel) => [
        channel,
        Object.fromEntries(Object.keys(texts.kinds).map((kind) => [kind, `${channel}-${kind}` in chosen])),
      ]),
    );
    void save.run({ notificationPreferences });
  };
  return html`<form class="card" onSubmit=${submit}>
    <h3>${texts.notifications}</h3>
    <p class="muted">${texts.notificationsText}</p>
    ${CHANNELS.map(
      (channel) =>
        html`<fieldset key=${channel}>
          <legend>${texts.channels[channel]}</legend>
          ${Object.entries(texts.kinds).map(
            ([kind, label]) =>
              html`<${Checkbox}
                key=${kind}
                label=${label}
                name=${`${channel}-${kind}`}
                checked=${profile.notificationPreferences[channel][/** @type {keyof typeof texts.kinds} */ (kind)]}
              />`,
          )}
        </fieldset>`,
    )}
    <${Problem} error=${save.error} />
    <button class="primary" type="submit" disabled=${save.isBusy}>${texts.save}</button>
  </form>`;
}

/** The user's details, and what they want to be told how. */
export function Profile() {
  const { account: texts } = useTexts();
  const profile = useLoad(() => get('/api/auth/profile'), []);
  const save = async (/** @type {object} */ changes) => {
    const saved = await put('/api/auth/profile', changes);
    setUser(saved);
    profile.setData(saved);
    toast(texts.saved);
  };
  return html`<${Loaded} from=${profile}>
    ${(/** @type {any} */ data) => html`<div class="columns"><${Details} profile=${data} onSave=${save} /><${Preferences} profile=${data} onSave=${save} /></div>`}
  <//>`;
}
