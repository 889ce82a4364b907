import type { Sketch } from "../../sketch/sketch.ts";
import { lookAhead } from "./ahead.ts";
import type { ReadDrawing } from "./drawing.ts";
import { parseJson, show } from "./json.ts";
import { countSkip, type Problem, type ReadReport, refuseNothing } from "./report.ts";
import { evidenceOf, type StrokeForm, strokesOf } from "./strokes.ts";

/** What one place of a file holds: the fields of a record, or why it holds none. */
export type ReadRecord = { readonly fields: Readonly<Record<string, unknown>> } | Problem;

/** Places that are looked at, the bytes that they may take, and evidence that is enough, to tell the form of a file's strokes. */
const FIRST_LOOK = 1000;
const MOST_BYTES = 2 ** 26;
const ENOUGH = 64;

/**
 * The drawings of records with a field `drawing` or `strokes`, and where known `word`, `key_id` and `recognized`.
 * Whether lists of lists are rows or points is decided once, for all of them.
 * @param name the file's name, for errors.
 * @throws UserError for records without any drawing.
 */
export async function* drawingsOf(
  records: AsyncIterable<ReadRecord>,
  name: string,
  report: ReadReport,
): AsyncGenerator<ReadDrawing> {
  let evidence = 0;
  let seen = 0;
  let bytes = 0;
  const { taken, all } = await lookAhead(records, (those) => {
    for (const record of those.slice(seen)) {
      evidence += evidenceOf(drawingIn(record)) ?? 0;
      bytes += bytesOf(record);
    }
    seen = those.length;
    return Math.abs(evidence) < ENOUGH && seen < FIRST_LOOK && bytes < MOST_BYTES;
  });
  const form = evidence < 0 ? "points" : "rows";
  if (form === "points") report.notes.add("its strokes are lists of points [x, y], and read as such");
  else if (evidence === 0 && taken.some((record) => evidenceOf(drawingIn(record)) !== undefined))
    report.notes.add(
      "its strokes may be rows [[x...], [y...]] or points [[x, y], ...] and nothing tells which; they are read as rows, as Quick, Draw! has them",
    );

  for await (const record of all) {
    const line = report.lines++;
    const sketch = sketchOf(record, form);
    if ("reason" in sketch) {
      countSkip(report, line, sketch);
    } else {
      report.read++;
      yield { sketch, line };
    }
  }
  refuseNothing(report, name);
}

/** About what a value takes of memory. */
function bytesOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 8;
  return Object.values(value).reduce((sum: number, inner) => sum + bytesOf(inner), 16);
}

function drawingIn(record: ReadRecord): unknown {
  return "reason" in record ? undefined : (record.fields.drawing ?? record.fields.strokes);
}

function sketchOf(record: ReadRecord, form: StrokeForm): Sketch | Problem {
  if ("reason" in record) return record;
  const drawing = drawingIn(record);
  if (drawing === undefined) return { reason: "no drawing", found: show(record.fields) };
  const strokes = strokesOf(drawing, form);
  if ("reason" in strokes) return strokes;
  const sketch: { -readonly [K in keyof Sketch]: Sketch[K] } = { strokes };
  const { word, key_id: keyId, recognized } = record.fields;
  if (typeof word === "string") sketch.word = word;
  if (typeof keyId === "string") sketch.keyId = keyId;
  else if (typeof keyId === "bigint" || Number.isSafeInteger(keyId)) sketch.keyId = String(keyId);
  if (typeof recognized === "boolean") sketch.recognized = recognized;
  return sketch;
}

/** The record that a JSON text is. */
export function jsonRecord(text: string): ReadRecord {
  const parsed = parseJson(text);
  if ("reason" in parsed) return parsed;
  const { value } = parsed;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { reason: "no drawing", found: show(value) };
  return { fields: { ...value } };
}
