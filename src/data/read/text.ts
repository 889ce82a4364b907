import { UserError } from "../../base/errors.ts";
import { firstBytes } from "./ahead.ts";
import { gunzipped } from "./gunzip.ts";

const UTF8_MARK = [0xef, 0xbb, 0xbf];
const UTF16_MARKS = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];

/**
 * UTF-8 text, unpacked where it is gzip, without a byte order mark.
 * @param name the file's name, for errors.
 * @throws UserError for UTF-16 and for damaged gzip data.
 */
export async function* textOf(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const { head, whole } = await firstBytes(gunzipped(bytes, name), UTF8_MARK.length);
  if (isUtf16(head)) {
    await whole.return?.();
    throw new UserError(
      `${name} is UTF-16 text, expected UTF-8: save it again as UTF-8, for example with iconv -f UTF-16 -t UTF-8.`,
    );
  }
  let skip = begins(head, UTF8_MARK) ? UTF8_MARK.length : 0;
  for await (const chunk of whole) {
    yield chunk.subarray(skip);
    skip = Math.max(0, skip - chunk.length);
  }
}

const begins = (head: Uint8Array, mark: readonly number[]) => mark.every((byte, i) => head[i] === byte);

/** Of text that begins with an ASCII character, as JSON and CSV do: where it has no mark, one of two bytes is zero. */
function isUtf16(head: Uint8Array): boolean {
  if (UTF16_MARKS.some((mark) => begins(head, mark))) return true;
  return head.length >= 2 && (head[0] === 0) !== (head[1] === 0);
}
