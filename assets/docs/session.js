// Keeps whoever has signed in through Try it out signed in: takes the tokens out of the answers, and renews the access token before
// it ends. The refresh token is in localStorage, where the page keeps the access token too; one tab renews it for all.

const REFRESH_KEY = 'bilten-docs-refresh';
const LOCK = 'bilten-docs-refresh';
const MARGIN_MS = 60_000;
const SIGNS_IN = /\/auth\/(login|register|refresh)$/;

let timer;

/** When the token ends, in milliseconds since the epoch. */
function endOf(token) {
  try {
    const [, claims] = token.split('.');
    return JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))).exp * 1000;
  } catch {
    return 0;
  }
}

function currentToken() {
  return window.ui?.authSelectors.authorized().getIn(['bearer', 'value']);
}

function authorize(token) {
  window.ui.authActions.authorizeWithPersistOption({
    bearer: { name: 'bearer', schema: { type: 'http', scheme: 'bearer' }, value: token },
  });
}

function plan() {
  clearTimeout(timer);
  const token = currentToken();
  if (!token || !localStorage.getItem(REFRESH_KEY)) return;
  // Beyond 2^31 ms a timer would fire at once.
  timer = setTimeout(renew, Math.min(Math.max(endOf(token) - Date.now() - MARGIN_MS, 0), 2 ** 31 - 1));
}

function keep({ token, refreshToken }) {
  localStorage.setItem(REFRESH_KEY, refreshToken);
  authorize(token);
  plan();
}

async function renewOnce(spent) {
  const refreshToken = localStorage.getItem(REFRESH_KEY);
  // Who signs out by Authorize is signed out.
  if (!refreshToken || !currentToken()) return localStorage.removeItem(REFRESH_KEY);
  // Another tab was first.
  const { value } = JSON.parse(localStorage.getItem('authorized') ?? '{}').bearer ?? {};
  if (value && value !== spent && endOf(value) > Date.now() + MARGIN_MS) return keep({ token: value, refreshToken });
  const answer = await fetch('/api/auth/refresh', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ refreshToken }),
  });
  if (answer.ok) keep((await answer.json()).data);
  else if (answer.status === 401 || answer.status === 403) localStorage.removeItem(REFRESH_KEY);
  else timer = setTimeout(renew, MARGIN_MS / 2);
}

function renew() {
  const spent = currentToken();
  navigator.locks.request(LOCK, () => renewOnce(spent)).catch(() => (timer = setTimeout(renew, MARGIN_MS / 2)));
}

/** Called with each answer that the page gets. */
window.storeTokens = (answer) => {
  const data = SIGNS_IN.test(answer.url) && answer.status < 300 && answer.body?.data;
  if (data && data.token) keep(data);
  return answer;
};

// The page makes its object, with the token of before, once all is loaded.
window.addEventListener('load', () => {
  const found = setInterval(() => {
    if (!window.ui) return;
    clearInterval(found);
    plan();
  }, 100);
});
