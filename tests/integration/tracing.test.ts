import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../src/embedded/ports';
import { startCollector, type FakeCollector } from '../fakes/otlp';
import { anOpenEvent, registerUser } from '../helpers/bookings';
import { eventually, linesOf, start, type Started } from '../helpers/servers/processes';

jest.setTimeout(120_000);

const program = (name: string): string => path.join(__dirname, '..', '..', 'dist', `${name}.js`);

const settings = (more: Record<string, string> = {}): Record<string, string> => {
  const { DATABASE_URL = '', JWT_SECRET = '', DATA_DIR = '', DOTENV_CONFIG_PATH = '' } = process.env;
  return { DATABASE_URL, JWT_SECRET, DATA_DIR, DOTENV_CONFIG_PATH, NODE_ENV: 'development', ...more };
};

describe('with OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  let collector: FakeCollector;
  let port: number;
  const processes: Started[] = [];

  beforeAll(async () => {
    collector = await startCollector();
    port = await freePort();
    const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '100', PORT: `${port}` };
    for (const name of ['server', 'worker']) processes.push(start(process.execPath, [program(name)], settings(traced)));
    await eventually(
      async () => (await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined))?.status === 200,
      processes[0]!.output,
    );
  });
  afterAll(async () => {
    for (const { child } of processes) child.kill('SIGTERM');
    expect(await Promise.all(processes.map(({ exited }) => exited))).toEqual(
      processes.map(() => ({ code: 0, signal: null })),
    );
    await collector.close();
  });

  it("a request, its statements, its batch and its job are one trace, named in both processes' logs", async () => {
    const [event, { token }] = [await anOpenEvent(), await registerUser()];
    const headers = {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      'X-Request-Id': 'abc-traced',
    };
    const body = JSON.stringify({ eventId: event.id, ticketsCount: 1 });
    const answer = await fetch(`http://127.0.0.1:${port}/api/bookings`, { method: 'POST', headers, body });
    expect(answer.status).toBe(201);

    const told = (): string => processes.map(({ output }) => output()).join('\n') + JSON.stringify(collector.spans);
    const find = (name: string) => collector.spans.find((span) => span.name === name);
    const request = await eventually(() => find('POST /api/bookings'), told);
    const job = await eventually(() => find('job booking.confirmed'), told);
    expect(request).toMatchObject({
      service: 'bilten-api',
      attributes: { 'http.route': '/api/bookings', 'bilten.request_id': 'abc-traced' },
    });
    expect(job).toMatchObject({
      service: 'bilten-worker',
      traceId: request.traceId,
      parentSpanId: request.spanId,
      attributes: { 'bilten.request_id': 'abc-traced' },
    });
    const batch = await eventually(() => find('inventory batch'), told);
    expect(batch.traceId).not.toBe(request.traceId);
    expect(batch.links).toEqual([expect.objectContaining({ traceId: request.traceId })]);
    const statements = (traceId: string) =>
      collector.spans.filter((span) => span.traceId === traceId && /^pg\.query/.test(span.name));
    await eventually(() => statements(batch.traceId).length > 0, told);
    await eventually(() => statements(request.traceId).length > 0, told);
    for (const [index, msg] of ['request', 'job'].entries()) {
      const line = { traceId: request.traceId, requestId: 'abc-traced', msg };
      await eventually(() =>
        linesOf(processes[index]!).some((one) => one.msg === msg && one.traceId === request.traceId),
      );
      expect(linesOf(processes[index]!)).toContainEqual(expect.objectContaining(line));
    }
  });

  it('does not trace health checks, scrapes and idle polling', async () => {
    await fetch(`http://127.0.0.1:${port}/metrics`);
    await fetch(`http://127.0.0.1:${port}/api/events/1?token=what-nobody-may-see`);
    await eventually(() => collector.spans.some(({ name }) => name === 'GET /api/events/:id'));
    expect(JSON.stringify(collector.spans)).not.toMatch(/what-nobody-may-see/);
    const roots = new Set(collector.spans.filter(({ parentSpanId }) => !parentSpanId).map(({ name }) => name));
    expect(
      [...roots].filter((name) => !/^(POST \/api\/bookings|GET \/api\/events\/:id|inventory batch)$/.test(name)),
    ).toEqual([]);
  });
});

describe('without OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  it.each(['server', 'worker'])('the %s loads no part of OpenTelemetry', async (name) => {
    // prom-client loads @opentelemetry/api for its exemplars.
    const code = `require(${JSON.stringify(program(name))});
      console.log(JSON.stringify(Object.keys(require.cache).filter((file) => /opentelemetry/.test(file) && !/opentelemetry.api\\W/.test(file))));
      process.exit()`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', code], { env: settings() });
    expect(stdout.trim()).toBe('[]');
  });
});
