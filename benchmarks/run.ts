import { fullSizes, quickSizes } from './settings';
import { figures, type Figure } from './figures';
import { startRound } from './measures';
import { machine, table, type Row } from './report';
import { openStage } from './stage';
import { signTokens } from './world';

const USAGE = 'npm run bench -- [--quick] [S1 S2 …]';

function chosen(args: string[]): Figure[] {
  const ids = args.filter((arg) => !arg.startsWith('-')).map((id) => id.toUpperCase());
  const known = new Set(figures.map(({ id }) => id));
  const unknown = [
    ...ids.filter((id) => !known.has(id)),
    ...args.filter((arg) => arg.startsWith('-') && arg !== '--quick'),
  ];
  if (unknown.length > 0)
    throw new Error(`${unknown.join(', ')}: no such thing here. ${USAGE}\nThere are: ${[...known].join(' ')}`);
  return ids.length === 0
    ? figures.filter(({ isOnRequest }) => !isOnRequest)
    : figures.filter(({ id }) => ids.includes(id));
}

const log = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(args: string[]): Promise<void> {
  const wanted = chosen(args);
  const sizes = args.includes('--quick') ? quickSizes : fullSizes;
  log('Preparing PostgreSQL, users and events …');
  const stage = await openStage(sizes);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stage.stop().finally(() => process.exit(1)));
  const rows: Row[] = wanted.map((figure) => ({ figure, values: [] }));
  try {
    const world = { stage, sizes, tokens: signTokens(sizes.users), log };
    for (let i = 1; i <= sizes.rounds; i += 1) {
      log(`Round ${i} of ${sizes.rounds}`);
      const round = startRound(world);
      for (const row of rows) {
        try {
          const value = await row.figure.value(round);
          if (value !== undefined) row.values.push(value);
        } catch (error) {
          row.failure = (error as Error).message.split('\n', 1)[0];
          log(`${row.figure.id}: ${(error as Error).stack}`);
        }
      }
    }
    console.log(`${machine(stage.version)}\n\n${table(rows)}`);
    if (rows.some(({ failure }) => failure)) process.exitCode = 1;
  } finally {
    await stage.stop();
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
