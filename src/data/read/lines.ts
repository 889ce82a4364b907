import { at } from "../../base/at.ts";
import { UserError } from "../../base/errors.ts";
import { LONGEST_RECORD } from "../limits.ts";

const NEWLINE = 0x0a;
/**
 * The lines of a file, each with its line end, so that a last line without one can be told. At no time more than a
 * chunk and a line are held.
 * @param name the file's name, for errors.
 * @throws UserError for a line above 64 MiB.
 */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let length = 0;
  let line = 1;
  const hold = (piece: Buffer) => {
    pieces.push(piece);
    length += piece.length;
    if (length > LONGEST_RECORD)
      throw new UserError(
        `${name}: line ${line} is longer than ${LONGEST_RECORD / 2 ** 20} MiB; expected ndjson, one drawing a line.`,
      );
  };
  const take = (): Buffer => {
    const whole = pieces.length === 1 ? at(pieces, 0) : Buffer.concat(pieces);
    pieces = [];
    length = 0;
    line++;
    return whole;
  };
  for await (const chunk of bytes) {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = buffer.indexOf(NEWLINE); end >= 0; end = buffer.indexOf(NEWLINE, start)) {
      hold(buffer.subarray(start, end + 1));
      yield take();
      start = end + 1;
    }
    if (start < buffer.length) hold(buffer.subarray(start));
  }
  if (length > 0) yield take();
}
