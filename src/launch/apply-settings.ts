import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ALIASES } from '../config/aliases';
import { config, namesInEnvFile, readConfig } from '../config';
import { makeDataDir } from './data-dir';

/** Applies resolved settings to all modules loaded later and all processes started from here. */
export function applySettings(values: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    process.env[name] = value;
    // What the value came from would now be another value for the same setting.
    for (const [alias, { name: ours }] of ALIASES) if (ours === name) delete process.env[alias];
  }
  Object.assign(config, readConfig(process.env, { fromFile: namesInEnvFile }));
}

/** Returns a secret that is generated once and stored. Concurrent starts get the same one. */
function readOrCreateSecret(name: string): string {
  const file = path.resolve(config.dataDir, name);
  const draft = `${file}.${process.pid}`;
  const kept = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  if (kept) return kept;
  makeDataDir();
  // A power failure right after the first start can leave it empty.
  if (kept === '') rmSync(file, { force: true });
  writeFileSync(draft, randomBytes(48).toString('base64url'), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(file, 'utf8');
}

/** Sets a generated secret outside production. In production, whatever needs the secret reports that it is missing. */
export function resolveJwtSecret(): void {
  if (!config.jwtSecret && !config.isProduction) applySettings({ JWT_SECRET: readOrCreateSecret('jwt-secret') });
}
