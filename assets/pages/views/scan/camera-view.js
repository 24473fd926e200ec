import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { startCamera } from '../../lib/scan/camera.js';
import { keepAwake } from '../../lib/scan/wake-lock.js';
import { Notice } from '../../ui/parts.js';

/** The picture of the camera, as long as it is rendered; the screen stays on. @param {{ onCode: (code: string) => void }} props */
export function CameraView({ onCode }) {
  const { scan: texts, states } = useTexts();
  const video = useRef(/** @type {HTMLVideoElement | null} */ (null));
  const report = useRef(onCode);
  report.current = onCode;
  const [camera, setCamera] = useState(/** @type {Awaited<ReturnType<typeof startCamera>> | undefined} */ (undefined));
  const [hasFailed, setFailed] = useState(false);
  const [isLit, setLit] = useState(false);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isOver = false;
    /** @type {(() => void) | undefined} */
    let stop;
    setFailed(false);
    const sleep = keepAwake();
    startCamera(/** @type {HTMLVideoElement} */ (video.current), (code) => report.current(code)).then(
      (started) => {
        stop = started.stop;
        if (isOver) stop();
        else setCamera(started);
      },
      () => setFailed(true),
    );
    return () => {
      isOver = true;
      sleep();
      stop?.();
    };
  }, [turn]);
  const setTorch = camera?.setTorch;
  const toggle = () => void setTorch?.(!isLit).then(() => setLit(!isLit));
  return html`<div class="scan-camera" hidden=${hasFailed}>
      <video ref=${video} playsinline muted aria-label=${texts.camera}></video>
      ${
        setTorch &&
        html`<button type="button" aria-pressed=${isLit ? 'true' : 'false'} onClick=${toggle}>
          ${isLit ? texts.torchOff : texts.torchOn}
        </button>`
      }
    </div>
    ${
      hasFailed &&
      html`<${Notice} tone="warn" role="alert">
        <p>${texts.noCamera}</p>
        <p><button type="button" onClick=${() => setTurn(turn + 1)}>${states.retry}</button></p>
      <//>`
    }`;
}
