import { isDeepStrictEqual } from 'node:util';
import type { Description, Schema } from 'joi';
import { fieldMeanings } from './field-descriptions';

/** A JSON Schema of draft 2020-12, the dialect of OpenAPI 3.1. */
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

/** `request` stands for path and query parameters. */
export type Purpose = 'request' | 'body' | 'response';

type Exporter = { jsonSchema: { input(options: { target: 'draft-2020-12' }): JsonSchema } };

const DISJUNCTION = new Intl.ListFormat('en', { type: 'disjunction' });
const CONJUNCTION = new Intl.ListFormat('en', { type: 'conjunction' });

const RELATIONS: Record<string, (key: string | undefined, peers: string[]) => string> = {
  and: (_key, peers) => `${CONJUNCTION.format(peers)} must be sent together or not at all.`,
  nand: (_key, peers) => `Cannot combine all of ${CONJUNCTION.format(peers)}.`,
  or: (_key, peers) => `Requires at least one of ${DISJUNCTION.format(peers)}.`,
  oxor: (_key, peers) => `Accepts at most one of ${DISJUNCTION.format(peers)}.`,
  xor: (_key, peers) => `Requires exactly one of ${DISJUNCTION.format(peers)}.`,
  with: (key, peers) => `${key} requires ${CONJUNCTION.format(peers)}.`,
  without: (key, peers) => `${key} excludes ${CONJUNCTION.format(peers)}.`,
};

const toCode = (name: unknown): string => `\`${String(name)}\``;

/** Describes in words the rules that the JSON Schema export leaves out. */
function describeRelations({ dependencies = [], renames = [] }: Description): string[] {
  const relations = (dependencies as { rel: string; key?: string; peers: string[] }[]).map(({ rel, key, peers }) =>
    RELATIONS[rel]!(key && toCode(key), peers.map(toCode)),
  );
  const aliases = (renames as { from: string; to: string }[]).map(
    ({ from, to }) => `${toCode(from)} is an alias of ${toCode(to)}.`,
  );
  return [...relations, ...aliases];
}

function toSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Adds the alias of a renamed field; neither name is required then, and the description says which two they are. */
function addAliases(json: JsonSchema, { renames = [] }: Description): void {
  for (const { from, to } of renames as { from: string; to: string }[]) {
    const target = json.properties?.[to];
    if (!json.properties || !target) continue;
    json.properties[from] = { ...target, description: `An alias of ${toCode(to)}.` };
    json.required = json.required?.filter((name) => name !== to);
  }
}

/** Moves a default into the description: generated clients make fields with the keyword `default` required. */
function takeDefault(json: JsonSchema): string[] {
  const { default: value } = json;
  if (value === undefined) return [];
  delete json.default;
  const isEmpty = value === '' || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
  return isEmpty ? [] : [`Defaults to ${toCode(value)}.`];
}

function isNullable({ type }: JsonSchema): boolean {
  return Array.isArray(type) && type.includes('null');
}

export interface SchemaRegistry {
  /** Returns the JSON Schema of a Joi schema; schemas with `.meta({ name })` become components and are referenced. */
  toJsonSchema(schema: Schema, purpose: Purpose): JsonSchema;
  /** Adds a named component and returns a reference to it. @throws Error if another schema has that name */
  add(name: string, json: JsonSchema): JsonSchema;
  /** Returns the component that a reference points to. */
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

  function addNullable(name: string, json: JsonSchema): JsonSchema {
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
    // Responses may gain fields, so clients must not reject unknown ones.
    if (purpose === 'response') delete json.additionalProperties;
    else addAliases(json, description);
    // Generated clients treat an object without declared properties as empty unless additional ones are allowed.
    if (json.type === 'object' && !json.properties) json.additionalProperties = true;
    const sentences = json.description ? [toSentence(json.description)] : [];
    const byDefault = purpose === 'body' ? takeDefault(json) : [];
    const relations = describeRelations(description).filter((relation) => !sentences.includes(relation));
    const text = [...sentences, ...relations, ...byDefault].join(' ');
    if (text) json.description = text;
    const { name, items } = Object.assign({}, ...(description.metas ?? [])) as { name?: string; items?: JsonSchema };
    if (items) json.items = items;
    return name ? addNullable(name, json) : json;
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
