import { useState } from 'preact/hooks';
import { html } from '../lib/html.js';
import { useFormat } from '../lib/locale.js';
import { ConfirmDialog, Dialog } from '../ui/dialog.js';
import { ChoiceList } from '../ui/choice-list.js';
import { Checkbox, Field, Select, Stepper, TextArea } from '../ui/field.js';
import { Card, Notice, Pager, Table, Tag } from '../ui/parts.js';
import { DeskParts } from './design/desk-parts.js';
import { QrCode } from '../ui/qr-code.js';
import { Empty, Failure, Loading } from '../ui/states.js';
import { toast } from '../ui/toast.js';

const COLORS = 'ground surface sunken line text muted accent on-accent good warn bad'.split(' ');

function Colors() {
  return html`<${Card} title="Colors">
    <p>Tokens of style/base.css, in light and dark. Text on a surface has a contrast of at least 4.5 to 1.</p>
    <ul class="swatches">
      ${COLORS.map((name) => html`<li key=${name}><span class=${`swatch ${name}`}></span> <code>--${name}</code></li>`)}
    </ul>
  <//>`;
}

function Type() {
  return html`<${Card} title="Type and links">
    <p>
      Text is in the font of the system. <a href="/design">A link</a> is underlined, and <code>a code</code> has fixed
      width.
    </p>
    <p class="muted">Muted text says what is less important.</p>
    <p class="muted fine">Fine print is smaller.</p>
  <//>`;
}

function Buttons() {
  return html`<${Card} title="Buttons">
    <p class="row">
      <button type="button" class="primary">Primary</button>
      <button type="button">Usual</button>
      <button type="button" class="danger">Cannot be undone</button>
      <button type="button" disabled>Off</button>
      <button type="button" class="small">Small</button>
      <a class="button" href="/design">A link as a button</a>
      <button type="button" class="link">A button as a link</button>
    </p>
  <//>`;
}

function Forms() {
  const { money } = useFormat();
  const [count, setCount] = useState(1);
  const [one, setOne] = useState('post');
  return html`<${Card} title="Forms">
    <form onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <${Field} label="A field" name="field" hint="The hint is read with the label." />
      <${Field} label="A field with an error" name="wrong" value="?" error="What is wrong, and what would be right." />
      <${Select}
        label="A choice"
        name="choice"
        value="b"
        options=${[
          ['a', 'The first'],
          ['b', 'The second'],
        ]}
      />
      <${Checkbox} label="A check box" name="check" />
      <${ChoiceList}
        legend="One of a few"
        name="one"
        value=${one}
        onChange=${setOne}
        options=${[
          ['post', 'By post'],
          ['express', html`Express: <strong>${money('12.90', 'EUR')}</strong>`],
        ]}
      />
      <${TextArea} label="Several lines" name="lines" />
      <${Stepper}
        label="Tickets"
        value=${count}
        max=${6}
        onChange=${setCount}
        texts=${{ fewer: 'Fewer', more: 'More' }}
      />
    </form>
  <//>`;
}

function Messages() {
  return html`<${Card} title="Tags and notices">
    <p class="row">
      <${Tag}>calm<//> <${Tag} tone="good">good<//> <${Tag} tone="warn">warn<//> <${Tag} tone="bad">bad<//>
    </p>
    <${Notice}>Something to know.<//>
    <${Notice} tone="good">It worked.<//>
    <${Notice} tone="warn">Something to do.<//>
    <${Notice} tone="bad">It did not work.<//>
    <p><button type="button" onClick=${() => toast('Said and announced.')}>Show a toast</button></p>
  <//>`;
}

function States() {
  return html`<${Card} title="States">
    <p>
      Every page has these: loading, nothing there, and a failure with a retry. The header says when there is no
      connection.
    </p>
    <${Loading} />
    <${Empty} text="There is nothing here yet." />
    <${Failure} error=${{ code: 'OFFLINE', status: 0 }} retry=${() => toast('Tried again.')} />
  <//>`;
}

function Tables() {
  const { money } = useFormat();
  const [page, setPage] = useState(2);
  return html`<${Card} title="Tables">
    <${Table} caption="Prices" head=${['Ticket', 'Price']}>
      <tr>
        <th scope="row">Stalls</th>
        <td class="number">${money('48.00', 'GBP')}</td>
      </tr>
      <tr>
        <th scope="row">Circle</th>
        <td class="number">${money('32.00', 'GBP')}</td>
      </tr>
    <//>
    <${Pager} pagination=${{ page, pages: 3 }} onPage=${setPage} />
  <//>`;
}

function Dialogs() {
  const [open, setOpen] = useState('');
  const close = () => setOpen('');
  return html`<${Card} title="Dialogs and codes">
    <p class="row">
      <button type="button" onClick=${() => setOpen('dialog')}>Open a dialog</button>
      <button type="button" onClick=${() => setOpen('question')}>Ask before the end</button>
    </p>
    <${QrCode} value="https://bilten.example" label="A QR code" />
    ${open === 'dialog' && html`<${Dialog} title="A dialog" onClose=${close}><p>Escape closes it, and the focus returns.</p><//>`}
    ${
      open === 'question' &&
      html`<${ConfirmDialog}
        title="Are you sure?"
        text="This cannot be undone."
        action="Do it"
        isBusy=${false}
        onConfirm=${close}
        onClose=${close}
      />`
    }
  <//>`;
}

/** Everything the pages are built from, on one page. */
export function DesignPage() {
  return html`<h1>The design system</h1>
    <p>
      Styles are in <code>assets/pages/style</code>, components in <code>assets/pages/ui</code>. A page uses these and
      adds no colors of its own.
    </p>
    <div class="columns">
      <${Colors} /><${Type} /><${Buttons} /><${Forms} /><${Messages} /><${States} /><${Tables} /><${Dialogs} />
    </div>
    <${DeskParts} />`;
}
