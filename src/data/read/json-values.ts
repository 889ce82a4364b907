import { UserError } from "../../base/errors.ts";
import { LONGEST_RECORD } from "../limits.ts";

const BLANKS_END = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const LIST = 0x5b;

/** [ and {, ] and } differ in this bit. */
const isOpening = (byte: number): boolean => (byte | 0x20) === 0x7b;
const isClosing = (byte: number): boolean => (byte | 0x20) === 0x7d;

/**
 * The texts of the elements of one JSON array, or of JSON objects one after another. Only brackets, commas and quotes are
 * looked at; at no time more than a chunk and an element are held.
 * @param name the file's name, for errors.
 * @throws UserError where the file was cut off, goes on after its array, or has an element above 64 MiB.
 */
export async function* jsonValues(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  let found = 0;
  let position = 0;
  let depth = 0;
  /** The depth that elements begin at, 1 inside of an array; undefined before the first bracket. */
  let outside: number | undefined;
  let ended = false;
  let quoted = false;
  let escaped = false;

  const fail = (problem: string): never => {
    throw new UserError(`${name}: ${problem} at byte ${position}, after ${found} elements of JSON.`);
  };
  const hold = (piece: Uint8Array) => {
    pieces.push(piece);
    length += piece.length;
    if (length > LONGEST_RECORD) fail(`an element of more than ${LONGEST_RECORD / 2 ** 20} MiB`);
  };

  for await (const chunk of bytes) {
    let start = 0;
    for (let i = 0; i < chunk.length; i++, position++) {
      const byte = chunk[i] ?? 0;
      if (quoted) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) quoted = false;
        continue;
      }
      if (byte <= BLANKS_END) continue;
      if (ended) fail("something follows the end");
      if (outside === undefined) {
        outside = byte === LIST ? 1 : 0;
        start = i + outside;
      }
      if (byte === QUOTE) quoted = true;
      else if (isOpening(byte)) depth++;
      else if (isClosing(byte)) depth--;
      ended = depth < outside;
      const elementEnds = outside === 1 ? byte === COMMA && depth === 1 : isClosing(byte) && depth === 0;
      if (!ended && !elementEnds) continue;
      hold(chunk.subarray(start, outside === 1 ? i : i + 1));
      start = i + 1;
      const text = Buffer.concat(pieces).toString("utf8");
      pieces = [];
      length = 0;
      if (ended && text.trim() === "") continue;
      found++;
      yield text;
    }
    if (outside !== undefined && !ended) hold(chunk.subarray(start));
  }
  const isWhole = outside === 1 ? ended : Buffer.concat(pieces).toString("utf8").trim() === "";
  if (outside !== undefined && !isWhole) fail("cut off");
}
