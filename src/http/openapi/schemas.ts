import { isDeepStrictEqual } from 'node:util';
import type { Description, Schema } from 'joi';
import { fieldMeanings } from './field-descriptions';

/** A JSON Schema of draft 2020-12, which is what OpenAPI 3.1 speaks. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  enum?: unknown[];
  examples?: unknown[];
  default?: unknown;
  [keyword: string]: unknown;
}

/** `request` is a path or a query. */
export type Purpose = 'request' | 'body' | 'answer';

type Exporter = { jsonSchema: { input(options: { target: 'draft-2020-12' }): JsonSchema } };

const EXCLUSIVE = new Intl.ListFormat('en', { type: 'disjunction' });
const ALL = new Intl.ListFormat('en', { type: 'conjunction' });

const RELATIONS: Record<string, (key: string | undefined, peers: string[]) => string> = {
  and: (_key, peers) => `${ALL.format(peers)} come together or not at all.`,
  nand: (_key, peers) => `Not all of ${ALL.format(peers)}.`,
  or: (_key, peers) => `At least one of ${EXCLUSIVE.format(peers)}.`,
  oxor: (_key, peers) => `At most one of ${EXCLUSIVE.format(peers)}.`,
  xor: (_key, peers) => `Exactly one of ${EXCLUSIVE.format(peers)}.`,
  with: (key, peers) => `${key} needs ${ALL.format(peers)}.`,
  without: (key, peers) => `${key} excludes ${ALL.format(peers)}.`,
};

const toCode = (name: unknown): string => `\`${String(name)}\``;

/** What the export leaves out, in words. */
function describeRelations({ dependencies = [], renames = [] }: Description): string[] {
  const relations = (dependencies as { rel: string; key?: string; peers: string[] }[]).map(({ rel, key, peers }) =>
    RELATIONS[rel]!(key && toCode(key), peers.map(toCode)),
  );
  const aliases = (renames as { from: string; to: string }[]).map(
    ({ from, to }) => `${toCode(from)} is read as ${toCode(to)}.`,
  );
  return [...relations, ...aliases];
}

function toSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Both names of a renamed field are there; which of the two came is for the description. */
function addAliases(json: JsonSchema, { renames = [] }: Description): void {
  for (const { from, to } of renames as { from: string; to: string }[]) {
    const target = json.properties?.[to];
    if (!json.properties || !target) continue;
    json.properties[from] = { ...target, description: `Another name of ${toCode(to)}.` };
    json.required = json.required?.filter((name) => name !== to);
  }
}

/** In words, since generated clients take a field with the keyword `default` for one that has to be there. */
function takeDefault(json: JsonSchema): string[] {
  const { default: value } = json;
  if (value === undefined) return [];
  delete json.default;
  const isEmpty = value === '' || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
  return isEmpty ? [] : [`By default ${toCode(value)}.`];
}

function isNullable({ type }: JsonSchema): boolean {
  return Array.isArray(type) && type.includes('null');
}

export interface SchemaRegistry {
  /** The JSON Schema of a Joi schema; what carries `.meta({ name })` becomes a component and is referred to. */
  toJsonSchema(schema: Schema, purpose: Purpose): JsonSchema;
  /** Files a schema under a name. @throws Error where the name means something else already */
  add(name: string, json: JsonSchema): JsonSchema;
  /** What a reference stands for. */
  find(reference: JsonSchema): JsonSchema;
  components: Record<string, JsonSchema>;
}

export function createSchemaRegistry(): SchemaRegistry {
  const components: Record<string, JsonSchema> = {};

  function add(name: string, json: JsonSchema): JsonSchema {
    if (components[name] && !isDeepStrictEqual(components[name], json))
      throw new Error(`Two shapes are named ${name}.`);
    components[name] = json;
    return { $ref: `#/components/schemas/${name}` };
  }

  function file(name: string, json: JsonSchema): JsonSchema {
    if (!isNullable(json)) return add(name, json);
    return { anyOf: [add(name, { ...json, type: 'object' }), { type: 'null' }] };
  }

  function refineParts(json: JsonSchema, description: Description, purpose: Purpose): void {
    for (const [name, part] of Object.entries((description.keys ?? {}) as Record<string, Description>)) {
      const property = json.properties?.[name];
      if (!property) continue;
      const refined = refine(property, part, purpose);
      const isSilent = !refined.description && !refined.$ref && !refined.anyOf && Object.hasOwn(fieldMeanings, name);
      json.properties![name] = isSilent ? { description: fieldMeanings[name], ...refined } : refined;
    }
    const items = description.items as Description[] | undefined;
    if (json.items && items?.length === 1) json.items = refine(json.items, items[0]!, purpose);
  }

  function refine(json: JsonSchema, description: Description, purpose: Purpose): JsonSchema {
    refineParts(json, description, purpose);
    if (json.enum && isNullable(json)) json.enum = [...json.enum, null];
    if (description.examples) json.examples = description.examples;
    // An answer may gain fields; whoever reads it should not mind.
    if (purpose === 'answer') delete json.additionalProperties;
    else addAliases(json, description);
    // Of an object without fields of its own any may come; generated clients take it for an empty one unless that is said.
    if (json.type === 'object' && !json.properties) json.additionalProperties = true;
    const said = json.description ? [toSentence(json.description)] : [];
    const byDefault = purpose === 'body' ? takeDefault(json) : [];
    const text = [...said, ...describeRelations(description).filter((note) => !said.includes(note)), ...byDefault].join(
      ' ',
    );
    if (text) json.description = text;
    const { name, items } = Object.assign({}, ...(description.metas ?? [])) as { name?: string; items?: JsonSchema };
    if (items) json.items = items;
    return name ? file(name, json) : json;
  }

  return {
    components,
    add,
    find: ({ $ref = '' }) => components[$ref.slice($ref.lastIndexOf('/') + 1)]!,
    toJsonSchema(schema, purpose) {
      const exported = (schema as unknown as { '~standard': Exporter })['~standard'].jsonSchema.input({
        target: 'draft-2020-12',
      });
      return refine(exported, schema.describe(), purpose);
    },
  };
}
