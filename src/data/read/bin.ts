import { UserError } from "../../base/errors.ts";
import type { Sketch, Stroke } from "../../sketch/sketch.ts";
import { LONGEST_RECORD } from "../limits.ts";
import type { ReadDrawing } from "./drawing.ts";
import { gunzipped } from "./gunzip.ts";
import { countSkip, newReadReport, refuseNothing } from "./report.ts";

/** Key, country, whether it was recognised, time, number of strokes. */
const HEAD_BYTES = 8 + 2 + 1 + 4 + 2;
/**
 * Reads Google's binary files of Quick, Draw!, gzipped or not: drawings one after another, little endian (key u64,
 * country 2 letters, recognized u8, time u32, strokes u16, then for each stroke its points u16, their x u8 and their y
 * u8). Drawings without strokes are skipped and counted in `report`.
 * @param name the file's name, for errors.
 * @throws UserError naming the byte where the file is damaged or cut off.
 */
export async function* readBin(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  report = newReadReport(),
): AsyncGenerator<ReadDrawing> {
  let rest = Buffer.alloc(0);
  let position = 0;
  const fail = (problem: string): never => {
    throw new UserError(
      `${name}: ${problem} at byte ${position}, where drawing ${report.lines + 1} begins; download it again.`,
    );
  };
  for await (const chunk of gunzipped(bytes, name)) {
    const buffer = Buffer.concat([rest, chunk]);
    let at = 0;
    for (;;) {
      if (at + HEAD_BYTES <= buffer.length && !isHead(buffer, at)) fail("no drawing");
      const end = endOf(buffer, at);
      if (end > buffer.length) break;
      const sketch = sketchOf(buffer, at);
      position += end - at;
      at = end;
      const line = report.lines++;
      if (sketch.strokes.length === 0) {
        countSkip(report, line, { reason: "empty drawing", found: "no strokes" });
      } else {
        report.read++;
        yield { sketch, line };
      }
    }
    rest = buffer.subarray(at);
    if (rest.length > LONGEST_RECORD) fail(`a drawing of more than ${LONGEST_RECORD / 2 ** 20} MiB`);
  }
  if (rest.length > 0) fail("cut off");
  refuseNothing(report, name);
}

/** Two letters, or none where the country is not known. */
const COUNTRY = /^([A-Za-z]{2}|\0\0| {2}|--)$/;

function isHead(buffer: Buffer, begin: number): boolean {
  return COUNTRY.test(buffer.toString("latin1", begin + 8, begin + 10)) && buffer.readUInt8(begin + 10) <= 1;
}

/** Where the drawing at `begin` ends; beyond the buffer where that does not show it. */
function endOf(buffer: Buffer, begin: number): number {
  let end = begin + HEAD_BYTES;
  if (end > buffer.length) return Infinity;
  for (let strokes = buffer.readUInt16LE(end - 2); strokes > 0; strokes--) {
    if (end + 2 > buffer.length) return Infinity;
    end += 2 + 2 * buffer.readUInt16LE(end);
  }
  return end;
}

/** The drawing that lies whole at `begin`. */
function sketchOf(buffer: Buffer, begin: number): Sketch {
  const strokes: Stroke[] = [];
  let at = begin + HEAD_BYTES;
  for (let left = buffer.readUInt16LE(at - 2); left > 0; left--) {
    const points = buffer.readUInt16LE(at);
    const [x, y] = [at + 2, at + 2 + points];
    at = y + points;
    if (points > 0) strokes.push({ x: [...buffer.subarray(x, y)], y: [...buffer.subarray(y, at)] });
  }
  const keyId = String(buffer.readBigUInt64LE(begin));
  return { strokes, keyId, recognized: buffer[begin + 10] === 1 };
}
