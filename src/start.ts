import { reportFailure } from './launch/report';

// Loaded from here, so that a wrong setting, found while loading, is told in a sentence too.
async function main(): Promise<void> {
  // First: what is to be traced is patched while it is loaded.
  await import('./integrations/tracing.js');
  const { runProgram } = await import('./launch/program.js');
  await runProgram();
}

main().catch(reportFailure);
