/** `values` under the names that `columns` gives them. */
type Renamed<M, V> = { [K in keyof V as K extends keyof M ? (M[K] extends string ? M[K] : never) : never]: V[K] };

/** What is written, by column; values that are undefined are left out. */
export function toColumns<const M extends Readonly<Record<string, string>>, V extends object>(
  columns: M,
  values: V,
): Renamed<M, V> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [columns[name], value])) as Renamed<M, V>;
}
