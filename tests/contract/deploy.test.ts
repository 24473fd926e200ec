import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Ajv } from 'ajv';
import { parse as parseEnv } from 'dotenv';
import { parse } from 'yaml';
import { readConfig, settings } from '../../src/config';
import { commands } from '../../src/launch/commands';

const ROOT = path.join(__dirname, '..', '..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const readYaml = <T>(file: string): T => parse(read(file), { merge: true }) as T;
const filesIn = (folder: string): string[] =>
  readdirSync(path.join(ROOT, folder)).map((name) => path.join(folder, name));

type Environment = Record<string, string>;
const names = new Set(Object.values(settings).map(({ name }) => name));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(process.env.TEST_FOLDER!, 'deploy-'));
});

/** Tools that CI installs; elsewhere what needs them is checked only where they are. */
function has(tool: string): boolean {
  const isThere = spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;
  if (!isThere && process.env.REQUIRE_DEPLOY_TOOLS)
    throw new Error(`REQUIRE_DEPLOY_TOOLS is set, but there is no ${tool}.`);
  return isThere;
}

/** Runs deploy/secrets.sh in a copy of the folder. */
function makeSecrets(...args: string[]): { status: number | null; stderr: string } {
  mkdirSync(path.join(folder, 'deploy'), { recursive: true });
  cpSync(path.join(ROOT, 'deploy/secrets.sh'), path.join(folder, 'deploy/secrets.sh'));
  return spawnSync(path.join(folder, 'deploy/secrets.sh'), args, { encoding: 'utf8', env: { PATH: process.env.PATH } });
}

/** Replaces ${NAME}, ${NAME:-default} and ${NAME:?message} as Docker Compose does. */
const interpolate = (text: string, values: Environment): string =>
  text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_all, name: string, kind?: string, rest = '') => {
    if (values[name]) return values[name];
    if (kind === '?') throw new Error(`${name} is missing: ${rest}`);
    return kind === '-' ? rest : '';
  });

const production = (environment: Environment) => readConfig({ NODE_ENV: 'production', ...environment });

describe('deploy/secrets.sh', () => {
  it('makes settings with which production starts, readable by their owner only, and never overwrites them', () => {
    expect(makeSecrets('machine', path.join(folder, 'etc')).status).toBe(0);
    const files = ['bilten.env', 'owner.env'].map((name) => path.join(folder, 'etc', name));
    for (const file of files) expect(statSync(file).mode & 0o777).toBe(0o600);
    const written = files.map((file) => readFileSync(file, 'utf8'));
    const config = production(parseEnv(written.join('\n')));
    expect(config.startProblems).toEqual([]);
    expect(config.warnings).toEqual([]);
    expect(makeSecrets('machine', path.join(folder, 'etc'))).toMatchObject({ status: 1 });
    expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual(written);
  });

  it('makes every variable that deploy/compose.yaml requires', () => {
    expect(makeSecrets('compose').status).toBe(0);
    const file = path.join(folder, 'deploy/.env');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const values = parseEnv(readFileSync(file, 'utf8'));
    const { services } = readYaml<{ services: Record<string, { environment: Environment }> }>('deploy/compose.yaml');
    for (const name of ['api-1', 'api-2', 'worker', 'migrate']) {
      const given = Object.entries(services[name]!.environment);
      const config = production(Object.fromEntries(given.map(([key, value]) => [key, interpolate(value, values)])));
      expect([name, config.startProblems, config.warnings]).toEqual([name, [], []]);
    }
    expect(makeSecrets('compose')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('exists already') as string,
    });
  });
});

describe('the compose files', () => {
  const schema = JSON.parse(read('node_modules/dclint/schemas/compose.schema.json')) as { $schema?: string };
  // Ajv knows draft 7 by another address.
  const { $schema: _draft, ...draft7 } = schema;
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  for (const format of ['expose', 'ports', 'duration', 'subnet_ip_address']) ajv.addFormat(format, true);
  const validate = ajv.compile(draft7);
  const files = ['docker-compose.yml', 'deploy/compose.yaml'];

  it.each(files)('%s follows the Compose Specification', (file) => {
    const composition = readYaml<{ services: Record<string, object> }>(file);
    expect([validate(composition), validate.errors]).toEqual([true, null]);
    const [name] = Object.keys(composition.services);
    expect(validate({ ...composition, services: { [name!]: { imagge: 'postgres' } } })).toBe(false);
  });

  it('has two APIs at the addresses in nginx, two workers, and a store and queues that lose nothing', () => {
    const { services } = readYaml<{ services: Record<string, Record<string, unknown>> }>('deploy/compose.yaml');
    const addresses = ['api-1', 'api-2'].map(
      (name) => (services[name]!.networks as { inside: { ipv4_address: string } }).inside.ipv4_address,
    );
    for (const address of addresses)
      expect(read('deploy/nginx/upstream.compose.conf')).toContain(`server ${address}:4000 `);
    const proxy = (services.nginx!.networks as { inside: { ipv4_address: string } }).inside.ipv4_address;
    expect((services['api-1']!.environment as Environment).TRUST_PROXY).toBe(proxy);
    expect(services.worker!.scale).toBe(2);
    expect(services.redis!.command).toMatch(/--appendonly yes.*noeviction/);
  });
});

describe('the images', () => {
  const dockerfile = read('deploy/Dockerfile');
  const named = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image!);
  const compositions = ['docker-compose.yml', 'deploy/compose.yaml'].flatMap((file) =>
    [...read(file).matchAll(/^ +image: (\S+)/gm)].map(([, image]) => image!),
  );

  it('are pinned to exact versions', () => {
    const images = [...named, ...compositions].filter((image) => !image.startsWith('bilten:'));
    expect(images.length).toBeGreaterThan(10);
    for (const image of images) expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+[\w.-]*$/);
  });

  it('build from a supported Node.js, copy only what is there, and do not run as root', () => {
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    expect(new Set(named).size).toBe(1);
    expect(Number(/:(\d+)/.exec(named[0]!)![1])).toBeGreaterThanOrEqual(Number(/\d+/.exec(engines.node)![0]));
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) =>
      sources!.split(' '),
    );
    const admitted = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect(new Set(copied)).toEqual(new Set(admitted));
    for (const source of copied) expect([source, existsSync(path.join(ROOT, source))]).toEqual([source, true]);
    expect(dockerfile.split(/^FROM/m).at(-1)).toMatch(/^USER node$/m);
  });

  it('are healthy while the process answers /health/live', async () => {
    const [, command] = /^HEALTHCHECK [^]*?CMD (\[.*\])$/m.exec(dockerfile)!;
    const [, ...args] = JSON.parse(command!) as string[];
    let server: Server | undefined;
    const check = async (env: Environment): Promise<number | null> => {
      const child = spawn(process.execPath, args, { env });
      return new Promise((resolve) => child.once('exit', resolve));
    };
    try {
      server = createServer((req, res) => void res.writeHead(req.url === '/health/live' ? 200 : 404).end());
      await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
      const port = String((server.address() as AddressInfo).port);
      expect(await check({ PORT: port })).toBe(0);
      expect(await check({ PORT: '1', WORKER_PORT: port })).toBe(0);
      expect(await check({ PORT: '1' })).toBe(1);
    } finally {
      server?.close();
    }
  });
});

describe('nginx', () => {
  if (has('nginx'))
    it.each(['upstream.conf', 'upstream.compose.conf'])('accepts its configuration with %s', (upstream) => {
      const prefix = path.join(folder, `nginx-${upstream}`);
      mkdirSync(path.join(prefix, 'tls'), { recursive: true });
      cpSync(path.join(ROOT, 'deploy/nginx/bilten.conf'), path.join(prefix, 'bilten.conf'));
      cpSync(path.join(ROOT, 'deploy/nginx', upstream), path.join(prefix, 'upstream.conf'));
      writeFileSync(
        path.join(prefix, 'nginx.conf'),
        `pid ${prefix}/nginx.pid; error_log stderr; events {} http { access_log off; include bilten.conf; include upstream.conf; }`,
      );
      const certificate = ['-keyout', 'tls/privkey.pem', '-out', 'tls/fullchain.pem', '-subj', '/CN=x', '-days', '1'];
      execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...certificate], {
        cwd: prefix,
        stdio: 'ignore',
      });
      const { stderr } = spawnSync('nginx', ['-t', '-p', prefix, '-c', 'nginx.conf'], { encoding: 'utf8' });
      expect(stderr).toMatch(/test is successful/);
    });

  it('closes idle connections before a stopping API does, repeats no POST, and takes the largest upload', () => {
    const conf = read('deploy/nginx/bilten.conf');
    const grace = Number(/^const GRACE_MS = (\d+);$/m.exec(read('src/server.ts'))![1]);
    for (const name of ['upstream.conf', 'upstream.compose.conf']) {
      const upstream = read(`deploy/nginx/${name}`);
      expect(Number(/^ +keepalive_timeout (\d+)s;$/m.exec(upstream)![1]) * 1000).toBeLessThan(grace);
    }
    expect(conf).not.toContain('non_idempotent');
    expect(conf).toMatch(/client_max_body_size 11m;/);
  });
});

describe('the process managers', () => {
  it('PM2 starts two APIs where nginx expects them, and two workers', () => {
    const { apps } = jest.requireActual<{
      apps: { script: string; cwd: string; instances: number; env: Environment }[];
    }>('../../deploy/pm2.config.js');
    expect(apps.map(({ script, instances }) => [script, instances])).toEqual([
      ['dist/server.js', 2],
      ['dist/worker.js', 2],
    ]);
    for (const { script, cwd, env } of apps) {
      expect(existsSync(path.join(cwd, script))).toBe(true);
      for (const name of Object.keys(env)) expect(names).toContain(name);
    }
    const first = Number(apps[0]!.env.PORT);
    for (const port of [first, first + 1])
      expect(read('deploy/nginx/upstream.conf')).toContain(`server 127.0.0.1:${port} `);
  });

  if (has('systemd-analyze'))
    it('systemd accepts the units', () => {
      const units = path.join(folder, 'units');
      cpSync(path.join(ROOT, 'deploy/systemd'), units, { recursive: true });
      for (const name of readdirSync(units)) {
        const file = path.join(units, name);
        // Where this machine has its programs.
        const text = readFileSync(file, 'utf8').replaceAll('/usr/bin/node ', `${process.execPath} `);
        writeFileSync(file, text.replaceAll('/usr/bin/pgbackrest', process.execPath));
      }
      const verify = (): string => {
        const files = readdirSync(units).map((name) => path.join(units, name.replace('@.', '@4000.')));
        for (const file of files) if (file.includes('@')) cpSync(file.replace('4000', ''), file);
        const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', ...files], { encoding: 'utf8' });
        return (stdout + stderr)
          .split('\n')
          .filter((line) => line.includes('bilten'))
          .join('\n');
      };
      expect(verify()).toBe('');
      const broken = path.join(units, 'bilten-migrate.service');
      writeFileSync(broken, readFileSync(broken, 'utf8').replace('NoNewPrivileges', 'NoNewPriviliges'));
      expect(verify()).toContain('NoNewPriviliges');
    });

  it('systemd sets only settings that exist, and restarts what bilten.target wants', () => {
    const units = filesIn('deploy/systemd').map((file) => [path.basename(file), read(file)] as const);
    for (const [, text] of units)
      for (const [, name] of text.matchAll(/^Environment=(\w+)=/gm)) expect(names).toContain(name);
    const wanted = /^Wants=(.*)$/m.exec(read('deploy/systemd/bilten.target'))![1]!.split(' ');
    for (const unit of wanted) expect(units.map(([name]) => name)).toContain(unit.replace(/@\d+/, '@'));
  });
});

describe('the files of hosting services', () => {
  type Entry = { key?: string; fromGroup?: string };
  const render = readYaml<{ services: { envVars?: Entry[] }[]; envVarGroups: { envVars: Entry[] }[] }>('render.yaml');
  const digitalOcean = readYaml<{ envs: { key: string }[] }>('.do/app.yaml');
  const heroku = JSON.parse(read('app.json')) as { env: Environment; formation: object };
  // Not ours: how the PostgreSQL client uses TLS, unless the URL says so.
  const others = ['PGSSLMODE'];
  const provided = ['DATABASE_URL', 'REDIS_URL'];
  const given: Record<string, string[]> = {
    render: [
      ...render.services.flatMap(({ envVars = [] }) => envVars),
      ...render.envVarGroups.flatMap(({ envVars }) => envVars),
    ].flatMap(({ key }) => key ?? []),
    digitalOcean: digitalOcean.envs.map(({ key }) => key),
    heroku: [...Object.keys(heroku.env), ...provided],
  };

  it.each(Object.keys(given))('set what production requires, and only what exists: %s', (place) => {
    for (const name of given[place]!) expect([...names, ...others]).toContain(name);
    expect(given[place]).toEqual(
      expect.arrayContaining([
        ...provided,
        'JWT_SECRET',
        'PUBLIC_URL',
        'SMTP_URL',
        'MAIL_FROM',
        'TRUST_PROXY',
        'STORAGE_DRIVER',
      ]),
    );
  });

  it('start programs and run commands that exist', () => {
    const files = [
      'Procfile',
      'railway.json',
      'deploy/railway.worker.json',
      'render.yaml',
      '.do/app.yaml',
      'deploy/compose.yaml',
    ];
    for (const file of [...files, ...filesIn('deploy/systemd'), 'deploy/kubernetes/migrate/job.yaml']) {
      for (const [, script, command] of read(file).matchAll(/\b(dist\/\w+\.js),?(?: (\w+))?/g)) {
        expect([file, script, existsSync(path.join(ROOT, script!))]).toEqual([file, script, true]);
        if (script === 'dist/cli.js')
          expect([file, Object.keys(commands)]).toEqual([file, expect.arrayContaining([command])]);
      }
    }
    expect(Object.keys(heroku.formation)).toEqual(['web', 'worker']);
  });
});

describe('the documentation of deployment', () => {
  const operations = read('docs/operations.md');

  it('names only files and commands that exist', () => {
    const files = [...operations.matchAll(/(?<![\w/.])(deploy\/[\w./@-]*\w)/g)].map(([, file]) => file!);
    expect(files.length).toBeGreaterThan(10);
    for (const file of new Set(files)) expect([file, existsSync(path.join(ROOT, file))]).toEqual([file, true]);
    for (const [, name] of operations.matchAll(/deploy\/command\.sh ([\w-]+)/g))
      expect(Object.keys(commands)).toContain(name);
  });

  it.each([...filesIn('deploy').filter((file) => file.endsWith('.sh')), 'deploy/rehearsal/systemctl'])(
    '%s is an executable script without errors in its syntax',
    (file) => {
      expect(statSync(path.join(ROOT, file)).mode & 0o111).not.toBe(0);
      expect(spawnSync('bash', ['-n', path.join(ROOT, file)], { encoding: 'utf8' }).stderr).toBe('');
    },
  );
});
