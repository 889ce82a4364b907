import { z } from "zod";

/** A range in words: "at least 1", "from 0 to 1". */
const rangeOf = (least: number, most: number): string =>
  most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;

/** A whole number of a range; refused in one phrase. */
export function wholeNumber(least: number, most = Infinity) {
  const error = `expected a whole number ${rangeOf(least, most)}`;
  return z.int(error).min(least, error).max(most, error);
}

/** A finite number of a range; refused in one phrase. */
export function finiteNumber(least: number, most = Infinity) {
  const error = `expected a number ${rangeOf(least, most)}`;
  return z.number(error).min(least, error).max(most, error);
}
