// Tells the result of a scan without a look at the screen: each has its own tones and its own vibration.

/** @type {Record<'good' | 'warn' | 'bad', { tones: [frequency: number, start: number, length: number][], pattern: number[] }>} */
const SIGNALS = {
  good: {
    tones: [
      [880, 0, 0.09],
      [1320, 0.1, 0.16],
    ],
    pattern: [80],
  },
  warn: {
    tones: [
      [520, 0, 0.16],
      [520, 0.22, 0.16],
    ],
    pattern: [120, 80, 120],
  },
  bad: { tones: [[180, 0, 0.5]], pattern: [400] },
};

/** @type {AudioContext | undefined} */
let audio;

/** Browsers allow sound only after a touch; call this in the handler of one. */
export function allowSound() {
  audio ??= new AudioContext();
  void audio.resume();
}

/** @param {'good' | 'warn' | 'bad'} tone */
export function signal(tone) {
  const { tones, pattern } = SIGNALS[tone];
  navigator.vibrate?.(pattern);
  if (audio?.state !== 'running') return;
  for (const [frequency, start, length] of tones) {
    const [oscillator, gain] = [audio.createOscillator(), audio.createGain()];
    const from = audio.currentTime + start;
    oscillator.type = tone === 'bad' ? 'sawtooth' : 'sine';
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0.4, from);
    gain.gain.exponentialRampToValueAtTime(0.001, from + length);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(from);
    oscillator.stop(from + length);
  }
}
