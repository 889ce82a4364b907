import type { ReadDrawing } from "./drawing.ts";
import { jsonValues } from "./json-values.ts";
import { drawingsOf, jsonRecord, type ReadRecord } from "./records.ts";
import { newReadReport } from "./report.ts";
import { textOf } from "./text.ts";

/**
 * Reads a JSON array of records as they stand in ndjson, or such records one after another over several lines, gzipped or
 * not. Elements that are no drawing are skipped and counted in `report`.
 * @param name the file's name, for errors.
 * @throws UserError as `readNdjson` does, and where the array is cut off.
 */
export const readJson = (
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  report = newReadReport(),
): AsyncGenerator<ReadDrawing> => drawingsOf(jsonRecords(bytes, name), name, report);

async function* jsonRecords(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<ReadRecord> {
  for await (const text of jsonValues(textOf(bytes, name), name)) yield jsonRecord(text);
}
