import type { Environment } from "../base/environment.ts";
import { UserError } from "../base/errors.ts";

/** What is read at most from files and servers, which may hold anything; each may be changed in the environment. */
const LIMITS = {
  /** MiB of one file from a server; the largest of Quick, Draw!, raw, have some hundred. */
  downloadMiB: { most: 2048, variable: "CIZGI_DOWNLOAD_LIMIT" },
  /** Points of a drawing; those of Quick, Draw!, raw, have some hundred, seldom thousands. */
  points: { most: 30_000, variable: "CIZGI_POINT_LIMIT" },
  /** Places of a file that are no drawing. */
  skips: { most: 1_000_000, variable: "CIZGI_SKIP_LIMIT" },
} as const;

/** Bytes of one line, element or drawing of a file; raw drawings have some thousands. */
export const LONGEST_RECORD = 2 ** 26;

type Limit = keyof typeof LIMITS;

/** A limit as it is set. @throws UserError for a value that is no whole number above 0. */
export function limitOf(limit: Limit, env: Environment = process.env): number {
  const { most, variable } = LIMITS[limit];
  const text = env[variable];
  if (!text) return most;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new UserError(`${variable}: expected a whole number above 0, found "${text}"`);
}

/** The end of a sentence that says a limit. */
export const howToRaise = (limit: Limit): string =>
  `if it is meant so, set ${LIMITS[limit].variable} to more`;
