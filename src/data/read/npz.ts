import { at } from "../../base/at.ts";
import { UserError } from "../../base/errors.ts";
import { hasLength } from "../../base/tuple.ts";
import { traceStrokes } from "../../sketch/delta.ts";
import type { Stroke } from "../../sketch/sketch.ts";
import type { ReadDrawing } from "./drawing.ts";
import { columnsOf, describeValue, drawingsIn } from "./npy.ts";
import { type PenReader, penReader } from "./pens.ts";
import { isArray, type Value } from "./pickle.ts";
import { countSkip, newReadReport, type Problem, refuseNothing } from "./report.ts";
import { wholeFile } from "./whole.ts";
import { unzip, zipMembers } from "./zip.ts";

const PARTS = ["train", "valid", "test"];

/**
 * Reads a set of Sketch-RNN (Ha and Eck 2018): a zip file of the arrays train, valid and test, in each one array a
 * drawing, of rows (dx, dy, pen lifted after the point), or of four or five numbers (`penReader`). Such an array may also
 * be one of three dimensions: drawings, points with padding behind them, numbers. Entries that are no drawing are skipped
 * and counted in `report`. The packed file and one unpacked array are held in memory.
 * @param name the file's name, for errors.
 * @throws UserError when the file is damaged, above 1 GiB, or holds other arrays, other pickles or no drawing.
 */
export async function* readNpz(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  report = newReadReport(),
): AsyncGenerator<ReadDrawing> {
  const file = await wholeFile(bytes, name);
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
    const entries = drawingsIn(unzip(file, member, name), `${name}, ${member.name}`);
    for (const strokes of readArray(entries)) {
      const line = report.lines++;
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

/** The drawings of one array; how their columns tell what the pen does is the same for all of a width. */
function* readArray(entries: readonly Value[]): Generator<Stroke[] | Problem> {
  const readers = new Map<number, PenReader | undefined>();
  for (const entry of entries) {
    const table = tableOf(entry);
    if ("reason" in table) {
      yield table;
      continue;
    }
    const width = table.length;
    if (!readers.has(width))
      readers.set(
        width,
        penReader(width, () => tablesOf(entries, width)),
      );
    const reader = readers.get(width);
    yield reader === undefined
      ? malformed("an array of four columns of which the last two say nothing of the pen")
      : traced(table, reader);
  }
}

function* tablesOf(entries: readonly Value[], width: number): Generator<number[][]> {
  for (const entry of entries) {
    const table = tableOf(entry);
    if (!("reason" in table) && table.length === width) yield table;
  }
}

const malformed = (found: string): Problem => ({
  reason: "malformed stroke",
  found: `${found}, expected rows (dx, dy, pen lifted) or those of four or five numbers`,
});

/** The columns of an entry, or why it is none of a drawing. */
function tableOf(entry: Value): number[][] | Problem {
  if (!isArray(entry) || !hasLength(entry.shape, 2)) return malformed(describeValue(entry));
  const [rows, width] = entry.shape;
  if (width < 3 || width > 5) return malformed(`an array of ${width} columns`);
  if (rows === 0) return { reason: "empty drawing", found: "no rows" };
  const columns = columnsOf(entry);
  const unusable = columns.flat().find((value) => !Number.isFinite(value));
  return unusable === undefined
    ? columns
    : { reason: "not a number", found: `has ${unusable} among its numbers` };
}

function traced(columns: readonly (readonly number[])[], reader: PenReader): Stroke[] | Problem {
  const { lifted, length } = reader(columns);
  if (length === 0) return { reason: "empty drawing", found: "no rows before its end" };
  const [dx = [], dy = []] = columns;
  const deltas = dx.slice(0, length).flatMap((step, i) => [step, at(dy, i)]);
  return traceStrokes(deltas, lifted.slice(0, length));
}
