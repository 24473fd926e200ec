/** Says why the process ends: a sentence where it was written as one; anything else is a defect, and its place matters. */
export function reportFailure(error: Error): never {
  console.error(error.name === 'Error' ? error.message : error.stack);
  process.exit(1);
}
