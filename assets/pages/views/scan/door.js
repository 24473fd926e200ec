import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { createDoor } from '../../lib/scan/door.js';
import { TONES } from '../../lib/scan/judge.js';
import { allowSound, signal } from '../../lib/scan/signals.js';
import { useAction } from '../../lib/use-load.js';
import { Field, readForm } from '../../ui/field.js';
import { Notice, Tag } from '../../ui/parts.js';
import { Problem } from '../../ui/states.js';
import { toast } from '../../ui/toast.js';
import { CameraView } from './camera-view.js';
import { Conflicts } from './conflicts.js';
import { FindDialog } from './find-dialog.js';
import { Result } from './result.js';
import { useHandScanner } from './use-hand-scanner.js';

/** @param {any} kept */
function useDoor(kept) {
  const [, update] = useState(0);
  const ref = useRef(/** @type {ReturnType<typeof createDoor> | undefined} */ (undefined));
  useEffect(() => {
    ref.current = createDoor(kept, () => update((count) => count + 1));
    update((count) => count + 1);
    return () => ref.current?.stop();
  }, []);
  return ref.current;
}

/** Judges scans one after the other, so that none is lost while the server is asked. @param {ReturnType<typeof createDoor> | undefined} door @param {(verdict: import('../../lib/scan/judge.js').Verdict) => void} onVerdict */
function useScans(door, onVerdict) {
  const turn = useRef(Promise.resolve());
  const [waiting, setWaiting] = useState(0);
  const [error, setError] = useState(/** @type {any} */ (undefined));
  /** @param {{ code?: string, ticketId?: number }} input */
  async function judge(input) {
    try {
      const verdict = await door?.scan(input);
      setError(undefined);
      if (verdict) onVerdict(verdict);
    } catch (failure) {
      setError(failure);
    }
    setWaiting((count) => count - 1);
  }
  /** @param {{ code?: string, ticketId?: number }} input */
  function scan(input) {
    setWaiting((count) => count + 1);
    turn.current = turn.current.then(() => judge(input));
  }
  return { scan, error, isBusy: waiting > 0 };
}

/** @param {{ state: any }} props */
function Standing({ state }) {
  const { scan: texts } = useTexts();
  const { count, clock } = useFormat();
  const { counts, isConnected, unsent, door } = state;
  return html`<p class="scan-counts" role="status">${texts.counts(count(counts.checkedIn), count(counts.tickets))}</p>
    <p class="row">
      <${Tag} tone=${isConnected ? 'good' : 'warn'}>${isConnected ? texts.connected : texts.offline}<//>
      ${unsent > 0 && html`<${Tag} tone="warn">${texts.unsent(count(unsent))}<//>`}
    </p>
    <p class="muted fine" role="status">
      ${!isConnected && texts.offlineText(clock(door.takenAt, door.event.timezone))}
    </p>`;
}

/** @param {{ onCode: (code: string) => void, isBusy: boolean }} props */
function CodeForm({ onCode, isBusy }) {
  const { scan: texts } = useTexts();
  /** @param {Event} event */
  function submit(event) {
    const { code } = readForm(event);
    /** @type {HTMLFormElement} */ (event.currentTarget).reset();
    if (code) onCode(code);
  }
  return html`<form class="scan-code" onSubmit=${submit}>
    <${Field}
      label=${texts.code}
      hint=${texts.codeHint}
      name="code"
      autocomplete="off"
      autocapitalize="characters"
      spellcheck="false"
      required
    />
    <button type="submit" disabled=${isBusy}>${texts.check}</button>
  </form>`;
}

/** The door of one event: the camera, the counts, and the result of each scan. @param {{ kept: any, onLeave: () => void }} props */
export function Door({ kept, onLeave }) {
  const { scan: texts } = useTexts();
  const door = useDoor(kept);
  const [isScanning, setScanning] = useState(false);
  const [isFinding, setFinding] = useState(false);
  const [result, setResult] = useState(/** @type {{ id: number, verdict: any } | undefined} */ (undefined));
  const { scan, error, isBusy } = useScans(door, (verdict) => {
    signal(TONES[verdict.kind]);
    setResult((before) => ({ id: (before?.id ?? 0) + 1, verdict }));
  });
  const undo = useAction(async (/** @type {string} */ name) => {
    await door?.undo();
    toast(texts.undone(name));
  });
  const onCode = (/** @type {string} */ code) => scan({ code });
  useHandScanner(onCode);
  if (!door) return null;
  const { state } = door;
  const { event, gate } = state.door;
  const last = state.last?.verdict;
  const lastName = last?.name ?? last?.reference ?? texts.noName;
  return html`<div class="scan-door" inert=${Boolean(result)}>
      <div class="scan-head">
        <h1>${event.title}</h1>
        <p class="muted">${gate}</p>
      </div>
      <${Standing} state=${state} />
      <${Conflicts} conflicts=${state.conflicts} timeZone=${event.timezone} onSeen=${door.dismiss} />
      <${Problem} error=${state.error ?? error} />
      ${isScanning && html`<${CameraView} onCode=${onCode} />`}
      <div class="scan-buttons">
        <button
          type="button"
          class=${isScanning ? 'large' : 'large primary'}
          onClick=${() => {
            allowSound();
            setScanning(!isScanning);
          }}
        >
          ${isScanning ? texts.pause : texts.start}
        </button>
        <button type="button" class="large" onClick=${() => setFinding(true)}>${texts.find}</button>
        ${
          last &&
          html`<button type="button" class="large" disabled=${undo.isBusy} onClick=${() => undo.run(lastName)}>
            ${texts.undo(lastName)}
          </button>`
        }
      </div>
      ${undo.error && (undo.error.status === 0 ? html`<${Notice} tone="warn" role="alert">${texts.undoOffline}<//>` : html`<${Problem} error=${undo.error} />`)}
      <${CodeForm} onCode=${onCode} isBusy=${isBusy} />
      <p class="row scan-foot">
        <button type="button" class="link" disabled=${state.unsent > 0} onClick=${onLeave}>${texts.leave}</button>
        ${state.unsent > 0 && html`<span class="muted fine">${texts.leaveUnsent}</span>`}
      </p>
    </div>
    ${
      isFinding &&
      html`<${FindDialog}
        door=${state.door}
        getEntries=${door.getEntries}
        onClose=${() => setFinding(false)}
        onChoose=${(/** @type {number} */ ticketId) => {
          setFinding(false);
          scan({ ticketId });
        }}
      />`
    }
    ${
      result &&
      html`<${Result}
        key=${result.id}
        verdict=${result.verdict}
        door=${state.door}
        onClose=${() => setResult(undefined)}
      />`
    }`;
}
