import { reportFailure } from './launch/report';

// Modules are loaded here, so that an invalid setting found while loading is also reported as a sentence.
async function main(): Promise<void> {
  // Must be first: tracing patches modules while they load.
  await import('./integrations/tracing.js');
  const { runProgram } = await import('./launch/program.js');
  await runProgram();
}

main().catch(reportFailure);
