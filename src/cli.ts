import { reportFailure } from './launch/report';

// Modules are loaded here, so that an invalid setting found while loading is also reported as a sentence.
async function main(): Promise<void> {
  const [name, ...args] = process.argv.slice(2);
  const { commands, offlineCommands } = await import('./launch/commands.js');
  const { runCommand } = await import('./launch/command.js');
  const offline = offlineCommands[`${name} ${args[0]}`];
  if (offline) return offline(args.slice(1));
  const command = commands[name ?? ''];
  if (!command) throw new Error(`Commands: ${Object.keys(commands).join(', ')}`);
  await runCommand((open) => command(open, args));
}

main().catch(reportFailure);
