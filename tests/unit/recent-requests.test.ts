import { noteRequest, recentRequests } from '../../src/lib/recent-requests';

describe('recentRequests', () => {
  afterEach(() => jest.useRealTimers());

  it('says how the last five minutes were, to within a quarter, and forgets what was before', () => {
    jest.useFakeTimers({ now: 0 });
    expect(recentRequests()).toMatchObject({
      seconds: 300,
      count: 0,
      errors: 0,
      averageMs: null,
      p50Ms: null,
      p99Ms: null,
    });
    for (let ms = 1; ms <= 100; ms += 1) noteRequest(ms > 98 ? 503 : 200, ms);
    const now = recentRequests();
    expect(now).toMatchObject({ count: 100, errors: 2, averageMs: 50.5 });
    for (const [value, exact] of [
      [now.p50Ms, 50],
      [now.p95Ms, 95],
      [now.p99Ms, 99],
    ] as const) {
      expect(value).toBeGreaterThanOrEqual(exact);
      expect(value).toBeLessThanOrEqual(exact * 1.25);
    }
    jest.advanceTimersByTime(280_000);
    noteRequest(200, 60_000_000);
    expect(recentRequests().count).toBe(101);
    jest.advanceTimersByTime(20_001);
    expect(recentRequests().count).toBe(1);
    jest.advanceTimersByTime(300_000);
    expect(recentRequests().count).toBe(0);
  });
});
