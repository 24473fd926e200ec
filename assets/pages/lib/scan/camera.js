// Reads QR codes from the camera.

const FORMAT = 'qr_code';
const INTERVAL_MS = 120;
/** How long a code must be out of sight before it counts as scanned again. */
const FORGET_MS = 2000;

/** @typedef {{ detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]> }} Detector */

/** @type {Promise<Detector> | undefined} */
let detector;

async function createDetector() {
  const Native = /** @type {any} */ (globalThis).BarcodeDetector;
  const formats = await Native?.getSupportedFormats?.().catch(() => []);
  if (formats?.includes(FORMAT)) return new Native({ formats: [FORMAT] });
  const { BarcodeDetector, prepareZXingModule } = await import('barcode-detector/ponyfill');
  const locateFile = () => import.meta.resolve('barcode-detector/reader.wasm');
  prepareZXingModule({ overrides: { locateFile } });
  return new BarcodeDetector({ formats: [FORMAT] });
}

const getDetector = () =>
  (detector ??= createDetector().catch((error) => {
    detector = undefined;
    throw error;
  }));

/**
 * Lets through a code that comes into sight, once as long as it stays.
 * @param {(code: string) => void} onCode @param {() => number} [now]
 */
export function createGate(onCode, now = () => performance.now()) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  return (/** @type {string[]} */ codes) => {
    for (const [code, at] of seen) if (now() - at > FORGET_MS) seen.delete(code);
    for (const code of codes) {
      const isNew = !seen.has(code);
      seen.set(code, now());
      if (isNew) onCode(code);
    }
  };
}

/**
 * Shows the rear camera in a video element and reports each code that comes into sight.
 * @param {HTMLVideoElement} video @param {(code: string) => void} onCode
 * @returns {Promise<{ stop(): void, setTorch: ((isOn: boolean) => Promise<void>) | undefined }>}
 */
export async function startCamera(video, onCode) {
  const ideal = { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } };
  const [stream, reader] = await Promise.all([
    navigator.mediaDevices.getUserMedia({ video: ideal, audio: false }),
    getDetector(),
  ]);
  video.srcObject = stream;
  await video.play();
  const pass = createGate(onCode);
  let isStopped = false;
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  async function look() {
    if (isStopped) return;
    if (!document.hidden && video.readyState >= video.HAVE_CURRENT_DATA) {
      // A frame that cannot be read is no reason to stop.
      /** @type {{ rawValue: string }[]} */
      const found = await reader.detect(video).catch(() => []);
      if (!isStopped) pass(found.map(({ rawValue }) => rawValue));
    }
    timer = setTimeout(look, INTERVAL_MS);
  }
  void look();
  const track = stream.getVideoTracks()[0];
  const hasTorch = Boolean(/** @type {any} */ (track?.getCapabilities?.())?.torch);
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
      for (const each of stream.getTracks()) each.stop();
      video.srcObject = null;
    },
    setTorch: hasTorch
      ? (isOn) => /** @type {any} */ (track).applyConstraints({ advanced: [{ torch: isOn }] })
      : undefined,
  };
}
