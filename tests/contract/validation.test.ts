import type { Description, Schema } from 'joi';
import type { AppError } from '../../src/errors';
import { validate, type Source } from '../../src/http/validate';
import { routes } from '../../src/routes';

const MARKER = 'zz-what-was-sent-zz';
const WRONG: unknown[] = [
  MARKER,
  `${MARKER}@`,
  `2030-02-30T20:00:00Z ${MARKER}`,
  MARKER.repeat(1100),
  '',
  ' ',
  '\0',
  -1,
  0,
  0.5,
  1e300,
  1e15,
  true,
  null,
  [],
  [MARKER, MARKER],
  Array.from({ length: 101 }, () => MARKER),
  {},
  { [MARKER]: MARKER },
];
// Names of rules and of library internals mean nothing to the sender.
const SAYS_NOTHING = /iso format|fails to match|pattern|peers|\bkeys?\b|ref:|\{\{|undefined|NaN|\[(?!\d)|^value\b/;

const inputs = routes.flatMap(({ id, params, query, body, example }): [string, Schema, Source, unknown][] => [
  ...(params ? [[`${id} params`, params, 'params', {}] as [string, Schema, Source, unknown]] : []),
  ...(query ? [[`${id} query`, query, 'query', {}] as [string, Schema, Source, unknown]] : []),
  ...(body ? [[`${id} body`, body, 'json', example] as [string, Schema, Source, unknown]] : []),
]);

/** Yields copies of a value, each with one part replaced by something invalid. */
function* spoiled(value: unknown, keys: string[]): Generator<unknown> {
  const fields = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  for (const key of new Set([...keys, ...Object.keys(fields)])) {
    for (const wrong of WRONG) yield { ...fields, [key]: wrong };
    const inside = (fields as Record<string, unknown>)[key];
    const entry: unknown = Array.isArray(inside) ? inside[0] : undefined;
    if (typeof entry === 'object') for (const wrong of spoiled(entry, [])) yield { ...fields, [key]: [wrong] };
  }
}

/** Returns the 400 for this input, if any. */
function refusalOf(schema: Schema, value: unknown, source: Source): AppError | undefined {
  try {
    validate(schema, value, { source });
    return undefined;
  } catch (error) {
    return error as AppError;
  }
}

describe('validation errors', () => {
  it.each(inputs)('use plain words and never repeat the input: %s', (_id, schema, source, good) => {
    const keys = Object.keys((schema.describe().keys ?? {}) as object);
    const found = new Set<string>();
    for (const value of [...spoiled(good, keys), ...(source === 'json' ? WRONG : [])]) {
      const refusal = refusalOf(schema, value, source);
      for (const { path, message } of refusal?.details ?? []) {
        // Only the error for an unknown field repeats its name.
        const said = message === `${path} is not allowed` ? '' : message.replace(path, '');
        if (SAYS_NOTHING.test(said) || said.includes(MARKER)) found.add(message.slice(0, 200));
      }
    }
    expect([...found]).toEqual([]);
  });

  it.each(inputs)('say what a pattern requires: %s', (_id, schema) => {
    const unnamed: string[] = [];
    const visit = ({ rules = [], keys = {}, items = [], matches = [] }: Description, path: string): void => {
      for (const { name, args } of rules as { name: string; args?: { options?: { name?: string } } }[])
        if (name === 'pattern' && !args?.options?.name) unnamed.push(path);
      for (const [key, part] of Object.entries(keys as Record<string, Description>)) visit(part, `${path}.${key}`);
      for (const part of items as Description[]) visit(part, `${path}[]`);
      for (const match of matches as { schema?: Description }[]) if (match.schema) visit(match.schema, path);
    };
    visit(schema.describe(), '');
    expect(unnamed).toEqual([]);
  });
});
