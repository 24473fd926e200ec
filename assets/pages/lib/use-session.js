import { useEffect, useState } from 'preact/hooks';
import { get } from './api.js';
import { getToken, getUser, renewSession, seemsSignedIn, setUser, watchSession } from './session.js';

/** @typedef {{ status: 'unknown' | 'out' | 'in' | 'failed', user: any, retry(): void }} Session */

async function loadUser() {
  await renewSession();
  if (getToken() && !getUser()) setUser(await get('/api/auth/profile'));
}

/** Follows the session: `unknown` until the server has answered, `failed` if it cannot be reached. @returns {Session} */
export function useSession() {
  const [, update] = useState(0);
  const [isKnown, setKnown] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const load = () => {
    setFailed(false);
    loadUser()
      .catch(() => setFailed(true))
      .finally(() => setKnown(true));
  };
  useEffect(() => {
    load();
    return watchSession(() => {
      update((count) => count + 1);
      if (seemsSignedIn() && !getUser()) load();
    });
  }, []);
  const user = getUser();
  const isLost = hasFailed || (isKnown && !user && seemsSignedIn());
  const status = user ? 'in' : isKnown ? (isLost ? 'failed' : 'out') : 'unknown';
  return { status, user, retry: load };
}
