import { spawnSync } from 'node:child_process';

/** For Knex's own command line: the same object that `npm run migrate` works with, from the compiled program as every command. */
export default async function knexfile() {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit', shell: true });
  if (status !== 0) throw new Error('The program could not be built.');
  const { makeKnexfile } = await import('#src/launch/knexfile');
  return makeKnexfile(process.argv.slice(2));
}
