import { UserError } from "../../base/errors.ts";
import { traceStrokes } from "../../sketch/delta.ts";
import type { Stroke } from "../../sketch/sketch.ts";
import type { ReadDrawing } from "./drawing.ts";
import { columnsOf, readObjectArray } from "./npy.ts";
import type { Value } from "./pickle.ts";
import { countSkip, newReadReport, type Problem, refuseNothing } from "./report.ts";
import { unzip, zipMembers } from "./zip.ts";

const PARTS = ["train", "valid", "test"];
const LARGEST_FILE = 2 ** 30;

/**
 * Reads a set of Sketch-RNN (Ha and Eck 2018): a zip file of the arrays train, valid and test, in each one array a
 * drawing, of rows (dx, dy, pen lifted after the point). Entries that are no drawing are skipped and counted in
 * `report`. The packed file and one unpacked array are held in memory.
 * @param name the file's name, for errors.
 * @throws UserError when the file is damaged, above 1 GiB, or holds other arrays, other pickles or no drawing.
 */
export async function* readNpz(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  report = newReadReport(),
): AsyncGenerator<ReadDrawing> {
  const file = await collect(bytes, name);
  const members = zipMembers(file, name);
  const parts = PARTS.flatMap((part) => {
    const member = members.find((candidate) => candidate.name === `${part}.npy`);
    return member === undefined ? [] : [{ part, member }];
  });
  if (parts.length === 0) {
    const found = members.map((member) => member.name).join(", ");
    throw new UserError(`${name}: expected the arrays ${PARTS.join(", ")}, found ${found || "none"}.`);
  }
  for (const { part, member } of parts) {
    for (const entry of readObjectArray(unzip(file, member, name), `${name}, ${member.name}`)) {
      const line = report.lines++;
      const strokes = strokesOf(entry);
      if ("reason" in strokes) {
        countSkip(report, line, strokes);
      } else {
        report.read++;
        yield { sketch: { strokes }, line, part };
      }
    }
  }
  refuseNothing(report, name);
}

async function collect(bytes: AsyncIterable<Uint8Array>, name: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > LARGEST_FILE)
      throw new UserError(
        `${name} is larger than ${LARGEST_FILE / 2 ** 30} GiB; split it, or convert it to ndjson.`,
      );
  }
  return Buffer.concat(chunks);
}

function strokesOf(entry: Value): Stroke[] | Problem {
  const columns = columnsOf(entry);
  if (columns?.length !== 3) {
    const found = columns
      ? `an array of ${columns.length} columns`
      : "something other than an array of numbers";
    return { reason: "malformed stroke", found: `${found}, expected rows (dx, dy, pen lifted)` };
  }
  const unusable = columns.flat().find((value) => !Number.isFinite(value));
  if (unusable !== undefined) return { reason: "not a number", found: `has ${unusable} among its numbers` };
  const [dx, dy, lifted] = columns;
  if (dx.length === 0) return { reason: "empty drawing", found: "no rows" };
  const deltas = dx.flatMap((step, i) => [step, dy[i]]);
  return traceStrokes(deltas, lifted);
}
