import { messageOf, UserError } from "../base/errors.ts";

/** What a person can do about the errors that a file system gives. */
const ADVICE: Readonly<Record<string, string>> = {
  EACCES: "permission denied; change its permissions or choose another place",
  EPERM: "not permitted here; choose another place",
  EROFS: "the file system is read-only; choose another place",
  ENOSPC: "the disk is full; free some space or choose another place",
  EDQUOT: "the disk quota is used up; free some space or choose another place",
  EFBIG: "the file would be larger than allowed here; raise the limit or choose another place",
  ENOTDIR: "part of the path is a file, not a folder; choose another place",
  EISDIR: "it is a folder, expected a file",
  EEXIST: "a file of that name is in the way; remove it or choose another place",
  ENOENT: "there is no such file or folder; check the path",
  ENAMETOOLONG: "the name is too long; choose a shorter one",
  ELOOP: "it is a symbolic link that leads back to itself",
  EMFILE: "too many files are open; close some or raise the limit (ulimit -n)",
};

/** The file system's code of an error, for example "ENOENT"; undefined for any other error. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;

/**
 * A UserError for what the file system refused: `cannot <action> <path>: <why, and what to do>`.
 * Errors that are no file system's come back as they are, and so does a pipe's reader that has seen enough.
 */
export function fileFailure(action: string, path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (error instanceof UserError || code === undefined || code === "EPIPE") return error;
  return new UserError(`cannot ${action} ${path}: ${ADVICE[code] ?? messageOf(error)}`, { cause: error });
}
