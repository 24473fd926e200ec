import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { parse, parseAllDocuments } from 'yaml';
import { settings } from '../../src/config';

// The manifests in deploy/kubernetes.

const ROOT = path.join(__dirname, '..', '..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const readYaml = <T>(file: string): T => parse(read(file)) as T;
const filesIn = (folder: string): string[] =>
  readdirSync(path.join(ROOT, folder)).map((name) => path.join(folder, name));

type Environment = Record<string, string>;
const names = new Set(Object.values(settings).map(({ name }) => name));

describe('the Kubernetes manifests', () => {
  interface Manifest {
    apiVersion: string;
    kind: string;
    metadata: { name: string };
    [field: string]: unknown;
  }
  type Validator = new (data: object) => { validate(): void };

  const folders = ['deploy/kubernetes', 'deploy/kubernetes/migrate'];
  const kustomizations = folders.map((each) => path.join(each, 'kustomization.yaml'));
  const files = folders.flatMap(filesIn).filter((file) => file.endsWith('.yaml') && !kustomizations.includes(file));
  const manifests = files.flatMap((file) => parseAllDocuments(read(file)).map((each) => each.toJS() as Manifest));

  const moduleOf = ({ apiVersion, kind }: Manifest): string =>
    `${apiVersion.startsWith('keda.sh') ? '@kubernetes-models/keda' : 'kubernetes-models'}/${apiVersion}/${kind}`;

  /** The schemas accept unknown fields, as the API server does; the types do not. */
  function findUnknownFields(all: Manifest[]): string[] {
    const file = path.join(ROOT, 'tests/contract/manifests.generated.ts');
    const source = all
      .map((each, index) => {
        const type = `import('${moduleOf(each)}').I${each.kind}`;
        return `export const manifest${index}: ${type} = ${JSON.stringify(each)};`;
      })
      .join('\n');
    const options: ts.CompilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
      lib: ['lib.es2015.d.ts'],
      target: ts.ScriptTarget.ES2022,
    };
    options.module = ts.ModuleKind.Node16;
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists } = host;
    host.fileExists = (name) => name === file || fileExists(name);
    host.getSourceFile = (name, ...rest) =>
      name === file ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
    const program = ts.createProgram([file], options, host);
    return program
      .getSemanticDiagnostics(program.getSourceFile(file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  }

  it('follow the schemas of Kubernetes and KEDA', () => {
    expect(manifests.length).toBeGreaterThan(12);
    const validate = (manifest: Manifest): void => {
      const models = jest.requireActual<Record<string, Validator>>(moduleOf(manifest));
      new models[manifest.kind]!(manifest).validate();
    };
    for (const manifest of manifests) validate(manifest);
    expect(() => validate({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x' }, spec: {} })).toThrow(
      /required/,
    );
    const [deployment] = manifests.filter(({ kind }) => kind === 'Deployment');
    const misspelled = { ...deployment!, spec: { ...(deployment!.spec as object), replikas: 2 } };
    expect(findUnknownFields([...manifests, misspelled])).toEqual([expect.stringContaining('replikas')]);
  });

  it('are all listed, and agree on the image, the ports and the names', () => {
    const tags = kustomizations.map((file) => {
      const { resources, images } = readYaml<{ resources: string[]; images: object[] }>(file);
      const siblings = filesIn(path.dirname(file)).filter((each) => each.endsWith('.yaml') && each !== file);
      expect(resources.map((name) => path.join(path.dirname(file), name)).sort()).toEqual(siblings.sort());
      return images;
    });
    expect(tags[0]).toEqual(tags[1]);
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(tags[0]).toMatchObject([{ newTag: version }]);
    for (const { kind, spec } of manifests)
      if (kind === 'ScaledObject')
        expect(
          manifests.some(
            (each) =>
              each.kind === 'Deployment' &&
              each.metadata.name === (spec as { scaleTargetRef: { name: string } }).scaleTargetRef.name,
          ),
        ).toBe(true);
  });

  it('probe health, run without root or a writable file system, and ask for resources', () => {
    const pods = manifests.filter(({ kind }) => ['Deployment', 'Job'].includes(kind));
    expect(pods).toHaveLength(3);
    for (const { kind, spec } of pods) {
      const { template } = spec as {
        template: { spec: Record<string, unknown> & { containers: Record<string, unknown>[] } };
      };
      const [container] = template.spec.containers;
      expect(template.spec.securityContext).toMatchObject({ runAsNonRoot: true });
      expect(container).toMatchObject({
        resources: { requests: { memory: expect.any(String) as string }, limits: {} },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      });
      if (kind === 'Deployment')
        expect(container).toMatchObject({
          livenessProbe: { httpGet: { path: '/health/live' } },
          readinessProbe: { httpGet: { path: '/health/ready' } },
        });
    }
  });

  it('set only settings that exist', () => {
    const [config] = manifests.filter(({ kind }) => kind === 'ConfigMap');
    for (const name of Object.keys(config!.data as Environment)) expect(names).toContain(name);
  });
});
