/** What a request to draw may have wrong, for pages that say so in a language of their own. */
export type ErrorCode =
  | "too-many-points"
  | "too-many-strokes"
  | "no-strokes"
  | "too-many-steps"
  | "too-much-guidance"
  | "no-such-setting"
  | "not-able";

/** An error a person can act on: what was expected, what was found, what to do. Shown without a stack. */
export class UserError extends Error {
  override readonly name: string = "UserError";
  readonly code: ErrorCode | undefined;

  constructor(message: string, { code, ...options }: ErrorOptions & { readonly code?: ErrorCode } = {}) {
    super(message, options);
    this.code = code;
  }
}

/** A mistake in how a command or configuration was written (exit code 2 on the command line). */
export class UsageError extends UserError {
  override readonly name = "UsageError";
}

/** The message of anything thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
