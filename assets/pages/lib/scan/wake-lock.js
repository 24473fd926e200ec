/** Keeps the screen on, also after the page was hidden for a while. @returns {() => void} lets it go off again */
export function keepAwake() {
  /** @type {WakeLockSentinel | undefined} */
  let lock;
  let isOver = false;
  async function acquire() {
    if (isOver || document.hidden) return;
    // Refused while the battery is low.
    lock = await navigator.wakeLock?.request('screen').catch(() => undefined);
    if (isOver) void lock?.release();
  }
  const follow = () => void acquire();
  document.addEventListener('visibilitychange', follow);
  void acquire();
  return () => {
    isOver = true;
    document.removeEventListener('visibilitychange', follow);
    void lock?.release();
  };
}
