export type Environment = Record<string, string | undefined>;

/** Builds a URL from separate settings such as `DB_HOST`, `REDIS_HOST` or `SMTP_HOST`; undefined without a host. */
export function urlFromParts(
  env: Environment,
  prefix: string,
  { scheme, port }: { scheme: string; port: number },
): string | undefined {
  const host = env[`${prefix}_HOST`];
  if (!host) return undefined;
  const user = env[`${prefix}_USER`];
  const password = env[`${prefix}_PASSWORD`];
  const secret = password ? `:${encodeURIComponent(password)}` : '';
  const login = user || secret ? `${encodeURIComponent(user ?? '')}${secret}@` : '';
  const name = env[`${prefix}_NAME`] ? `/${env[`${prefix}_NAME`]}` : '';
  return `${scheme}://${login}${host}:${env[`${prefix}_PORT`] ?? port}${name}`;
}
