import type { paths } from '../../client/api';

// What `npm run client` generates from the OpenAPI document, by method and path.

type Verb = 'GET' | 'POST' | 'PUT' | 'DELETE';

type OperationsAt<P extends keyof paths> = {
  [V in Verb as paths[P][Lowercase<V>] extends { responses: object } ? `${V} ${P}` : never]: paths[P][Lowercase<V>];
};
type Intersection<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer I) => void ? I : never;
type Operations = Intersection<{ [P in keyof paths]: OperationsAt<P> }[keyof paths]>;

/** A method and a path as the document writes them, such as `PUT /api/bookings/{id}/cancel`. */
export type Endpoint = keyof Operations;

type JsonIn<T> = T extends { content: { 'application/json': infer J } } ? J : never;
type BodyIn<T> = T extends { requestBody?: infer B } ? JsonIn<B> : never;
type PathIn<T> = T extends { parameters: { path: infer P } } ? P : never;
type QueryIn<T> = T extends { parameters: { query?: infer Q } } ? Q : never;

type Required<Key extends string, V> = [V] extends [never] ? unknown : { [K in Key]: V };
type Optional<Key extends string, V> = [V] extends [never] ? unknown : { [K in Key]?: V };
type BodyInput<T> = T extends { requestBody: object } ? Required<'body', BodyIn<T>> : Optional<'body', BodyIn<T>>;
type InputOf<T> = Required<'path', PathIn<T>> & Optional<'query', QueryIn<T>> & BodyInput<T>;

/** What a request to this endpoint is made of; none if nothing is required. */
export type Input<E extends Endpoint> =
  object extends InputOf<Operations[E]> ? [input?: InputOf<Operations[E]>] : [input: InputOf<Operations[E]>];

/** The query that an endpoint takes. */
export type QueryOf<E extends Endpoint> = QueryIn<Operations[E]>;

/** The JSON body that an endpoint takes. */
export type BodyOf<E extends Endpoint> = BodyIn<Operations[E]>;

type Success = 200 | 201 | 202;
type SuccessIn<R> = { [S in keyof R & Success]: JsonIn<R[S]> }[keyof R & Success];

/** The JSON body of an endpoint's successful response: `success`, `data` and, for a list, `pagination`. */
export type AnswerOf<E extends Endpoint> = Operations[E] extends { responses: infer R }
  ? [SuccessIn<R>] extends [never]
    ? undefined
    : SuccessIn<R>
  : never;

/** The `data` of an endpoint's successful response. */
export type DataOf<E extends Endpoint> = AnswerOf<E> extends { data: infer D } ? D : never;

interface Parts {
  path?: Record<string, string | number>;
  query?: Record<string, unknown>;
  body?: object;
}

/** Returns the method, the path with its ids and its query, and the body of a request. */
export function locate(endpoint: Endpoint, { path = {}, query = {}, body }: Parts) {
  const [verb, template] = endpoint.split(' ') as [Verb, string];
  const filled = template.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(path[name]!));
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  const method = verb.toLowerCase() as Lowercase<Verb>;
  return { method, path: search.size > 0 ? `${filled}?${search.toString()}` : filled, body };
}
