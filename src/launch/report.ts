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

/** Describes a file system error and what to do about it; undefined for other errors. */
export function describeDiskProblem({ code = '', path, syscall }: NodeJS.ErrnoException): string | undefined {
  const problem = DISK_PROBLEMS[code];
  if (!problem || !path || !syscall) return undefined;
  return `The program can't use ${path}: ${problem} (${code}, ${syscall}). Choose a folder that it can write to with DATA_DIR.`;
}

/** Prints why the process ends: expected errors as their sentence, defects with their stack trace. */
export function reportFailure(error: Error): never {
  console.error(describeDiskProblem(error) ?? (error.name === 'Error' ? error.message : error.stack));
  process.exit(1);
}
