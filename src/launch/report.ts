const DISK_PROBLEMS: Record<string, string> = {
  EROFS: 'the file system is read-only',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'something else is there',
  EIO: 'the disk fails',
  EMFILE: 'too many files are open',
};

/** What a failure to use a file means for whoever starts the program; undefined for any other failure. */
export function describeDiskProblem({ code = '', path, syscall }: NodeJS.ErrnoException): string | undefined {
  const problem = DISK_PROBLEMS[code];
  if (!problem || !path || !syscall) return undefined;
  return `The program can't use ${path}: ${problem} (${code}, ${syscall}). Choose a folder that it can write to with DATA_DIR.`;
}

/** Says why the process ends: a sentence where it was written as one; anything else is a defect, and its place matters. */
export function reportFailure(error: Error): never {
  console.error(describeDiskProblem(error) ?? (error.name === 'Error' ? error.message : error.stack));
  process.exit(1);
}
