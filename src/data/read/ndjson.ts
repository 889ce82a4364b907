import { messageOf } from "../../base/errors.ts";
import type { Sketch, Stroke } from "../../sketch/sketch.ts";
import type { ReadDrawing } from "./drawing.ts";
import { gunzipped } from "./gunzip.ts";
import { linesOf } from "./lines.ts";
import { countSkip, newReadReport, type Problem, refuseNothing } from "./report.ts";

const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = 0xfeff;

/**
 * Reads Quick, Draw! ndjson, simplified or raw (with a third row of milliseconds), gzipped or not; one drawing a
 * line: `{"drawing": [[[x...], [y...]], ...]}`, where known with `word`, `key_id` and `recognized`.
 * Lines that are no drawing are skipped and counted in `report`; strokes without points are left out.
 * @param name the file's name, for errors.
 * @throws UserError for damaged gzip data, a line above 64 MiB and a file without any drawing.
 */
export async function* readNdjson(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  report = newReadReport(),
): AsyncGenerator<ReadDrawing> {
  for await (const bytesOfLine of linesOf(gunzipped(bytes, name), name)) {
    const line = report.lines++;
    const whole = bytesOfLine[bytesOfLine.length - 1] === NEWLINE;
    const text = bytesOfLine.toString("utf8");
    const sketch = parseLine(
      line === 0 && text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text,
      whole,
    );
    if ("reason" in sketch) {
      countSkip(report, line, sketch);
    } else {
      report.read++;
      yield { sketch, line };
    }
  }
  refuseNothing(report, name);
}

function parseLine(text: string, whole: boolean): Sketch | Problem {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (error) {
    if (text.trim() === "") return { reason: "blank line", found: "nothing" };
    return { reason: whole ? "broken JSON" : "cut off last line", found: messageOf(error) };
  }
  if (typeof record !== "object" || record === null || !("drawing" in record))
    return { reason: "no drawing", found: show(record) };
  const strokes = strokesOf(record.drawing);
  if ("reason" in strokes) return strokes;
  const sketch: { -readonly [K in keyof Sketch]: Sketch[K] } = { strokes };
  if ("word" in record && typeof record.word === "string") sketch.word = record.word;
  if ("key_id" in record && typeof record.key_id === "string") sketch.keyId = record.key_id;
  if ("recognized" in record && typeof record.recognized === "boolean") sketch.recognized = record.recognized;
  return sketch;
}

function strokesOf(drawing: unknown): Stroke[] | Problem {
  if (!Array.isArray(drawing)) return { reason: "no drawing", found: `"drawing" is ${show(drawing)}` };
  const strokes: Stroke[] = [];
  for (let i = 0; i < drawing.length; i++) {
    const stroke = strokeOf(drawing[i]);
    if ("reason" in stroke) return { reason: stroke.reason, found: `stroke ${i + 1} ${stroke.found}` };
    if (stroke.x.length > 0) strokes.push(stroke);
  }
  return strokes.length > 0 ? strokes : { reason: "empty drawing", found: show(drawing) };
}

function strokeOf(rows: unknown): Stroke | Problem {
  if (!Array.isArray(rows) || rows.length < 2 || rows.length > 3 || !rows.every(Array.isArray))
    return { reason: "malformed stroke", found: `is ${show(rows)}, expected [x, y] or [x, y, t]` };
  const [x, y, t]: unknown[][] = rows;
  if (x.length !== y.length || (t !== undefined && t.length !== x.length)) {
    const lengths = rows.map((row: unknown[]) => row.length);
    return {
      reason: "coordinates of different length",
      found: `has rows of ${lengths.join(" and ")} numbers`,
    };
  }
  if (!areNumbers(x) || !areNumbers(y)) return notANumber(rows);
  if (t === undefined) return { x, y };
  return areNumbers(t) ? { x, y, t } : notANumber(rows);
}

function areNumbers(values: readonly unknown[]): values is number[] {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

const notANumber = (rows: unknown[][]): Problem => ({
  reason: "not a number",
  found: `has ${show(rows.flat().find((value) => !Number.isFinite(value)))} among its coordinates`,
});

/** A value from the file, short enough for one line of a report. */
function show(value: unknown): string {
  if (typeof value === "number") return String(value);
  const json = JSON.stringify(value) ?? "nothing";
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}
