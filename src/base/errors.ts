/** An error a person can act on: what was expected, what was found, what to do. Shown without a stack. */
export class UserError extends Error {
  override readonly name: string = "UserError";
}

/** A mistake in how a command or configuration was written (exit code 2 on the command line). */
export class UsageError extends UserError {
  override readonly name = "UsageError";
}

/** The message of anything thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
