import type { ReadDrawing } from "./drawing.ts";
import { linesOf } from "./lines.ts";
import { drawingsOf, jsonRecord, type ReadRecord } from "./records.ts";
import { newReadReport } from "./report.ts";
import { textOf } from "./text.ts";

const NEWLINE = 0x0a;

/**
 * Reads Quick, Draw! ndjson, simplified or raw (with a third row of milliseconds), gzipped or not; one drawing a
 * line: `{"drawing": [[[x...], [y...]], ...]}`, where known with `word`, `key_id` and `recognized`. Strokes may also be
 * lists of points, which is decided for the whole file and said in `report`.
 * Lines that are no drawing are skipped and counted in `report`; strokes without points are left out.
 * @param name the file's name, for errors.
 * @throws UserError for UTF-16, damaged gzip data, a line above 64 MiB and a file without any drawing.
 */
export const readNdjson = (
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  report = newReadReport(),
): AsyncGenerator<ReadDrawing> => drawingsOf(ndjsonRecords(bytes, name), name, report);

/** The records of ndjson, one a line. */
async function* ndjsonRecords(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<ReadRecord> {
  for await (const line of linesOf(textOf(bytes, name), name)) yield recordOf(line);
}

function recordOf(line: Buffer): ReadRecord {
  const text = line.toString("utf8");
  if (text.trim() === "") return { reason: "blank line", found: "nothing" };
  const record = jsonRecord(text);
  const whole = line[line.length - 1] === NEWLINE;
  return !whole && "reason" in record && record.reason === "broken JSON"
    ? { ...record, reason: "cut off last line" }
    : record;
}
