import { fakeId, startFake, type FakeAnswer, type FakeRequest, type FakeServer } from './server';

export const ACCOUNT_SID = 'AC00000000000000000000000000000001';
export const AUTH_TOKEN = 'fake-auth-token';

export interface FakeTwilio extends FakeServer {
  /** Accepted messages, in order. */
  sent: { to: string; from: string; body: string }[];
  /** Refuses the next `times` requests with 429 and this Retry-After. */
  limit(times: number, retryAfterSeconds: number): void;
  /** Opts this number out, as if its owner had replied STOP. */
  stop(number: string): void;
}

const failure = (status: number, code: number, message: string, headers?: Record<string, string>): FakeAnswer => ({
  status,
  body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
  headers,
});

/** Imitates Twilio as described at https://www.twilio.com/docs/messaging/api/message-resource. */
export async function startFakeTwilio(): Promise<FakeTwilio> {
  const sent: FakeTwilio['sent'] = [];
  const stopped = new Set<string>();
  let limited = { times: 0, retryAfterSeconds: 0 };

  function create(body: URLSearchParams): FakeAnswer {
    const [to, from, text] = ['To', 'From', 'Body'].map((name) => body.get(name) ?? '') as [string, string, string];
    if (limited.times > 0) {
      limited.times -= 1;
      return failure(429, 20429, 'Too Many Requests', { 'Retry-After': String(limited.retryAfterSeconds) });
    }
    if (to === '') return failure(400, 21604, "A 'To' phone number is required.");
    if (from === '') return failure(400, 21603, "A 'From' phone number is required.");
    if (text === '') return failure(400, 21602, 'Message body is required.');
    if (text.length > 1600)
      return failure(400, 21617, 'The concatenated message body exceeds the 1600 character limit.');
    if (!/^\+[1-9]\d{6,14}$/.test(to)) return failure(400, 21211, `Invalid 'To' Phone Number: ${to}`);
    if (stopped.has(to)) return failure(400, 21610, 'Attempt to send to unsubscribed recipient');
    sent.push({ to, from, body: text });
    const sid = fakeId('SM', 34);
    return {
      status: 201,
      body: { sid, account_sid: ACCOUNT_SID, to, from, body: text, status: 'queued', error_code: null },
    };
  }

  function handle({ method, path, headers, body }: FakeRequest): FakeAnswer {
    const expected = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`;
    if (headers.authorization !== expected) return failure(401, 20003, 'Authenticate');
    if (path !== `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json` || method !== 'POST')
      return failure(404, 20404, `The requested resource ${path} was not found`);
    if (headers['content-type'] !== 'application/x-www-form-urlencoded')
      return failure(415, 20415, 'Unsupported Media Type');
    return create(new URLSearchParams(body));
  }

  const server = await startFake(handle, ({ method }) => method === 'POST');
  return {
    ...server,
    sent,
    limit: (times, retryAfterSeconds) => void (limited = { times, retryAfterSeconds }),
    stop: (number) => void stopped.add(number),
  };
}
