import { UserError } from "../base/errors.ts";

/** Bytes that a model may ask for unless told otherwise: more than that no ONNX file can hold either. */
export const MOST_BYTES = 2 ** 31;

const sizeOf = (bytes: number): string =>
  bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toPrecision(3)} MiB` : `${(bytes / 2 ** 30).toPrecision(3)} GiB`;

/**
 * To be called before anything of that size is made: what a file says of itself is not to be trusted.
 * @param name the file's name.
 * @param why what the sizes are that ask for so much.
 * @throws UserError with both numbers, and how the limit is changed in Node.
 */
export function refuseTooLarge(name: string, why: string, bytes: number, most: number): void {
  if (bytes <= most) return;
  throw new UserError(
    `${name}: ${why} ask for at least ${sizeOf(bytes)} of memory, expected at most ${sizeOf(most)}; if it is meant so, set CIZGI_MODEL_LIMIT (MiB) to more.`,
  );
}
