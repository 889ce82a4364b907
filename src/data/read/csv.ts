import { pipeline, Readable } from "node:stream";
import { UserError } from "../../base/errors.ts";
import { listed } from "../../base/listed.ts";
import { LONGEST_RECORD } from "../limits.ts";
import { firstBytes } from "./ahead.ts";
import type { ReadDrawing } from "./drawing.ts";
import { drawingsOf, type ReadRecord } from "./records.ts";
import { newReadReport } from "./report.ts";
import { textOf } from "./text.ts";

const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false };

/**
 * Reads Kaggle's CSV of Quick, Draw!, gzipped or not: a line of column names, among them `drawing` (JSON, in quotes)
 * and, in any order, `word`, `key_id` and `recognized`; parted by commas, semicolons or tabs. Rows whose drawing is none
 * are skipped and counted in `report`.
 * @param name the file's name, for errors.
 * @throws UserError as `readNdjson` does, and for a file without a column `drawing` and one that is damaged or cut off.
 */
export const readCsv = (
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  report = newReadReport(),
): AsyncGenerator<ReadDrawing> => drawingsOf(csvRecords(bytes, name), name, report);

async function* csvRecords(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<ReadRecord> {
  let columns: string[] | undefined;
  for await (const row of csvRows(bytes, name)) {
    if (columns === undefined) {
      columns = row.map((column) => column.trim().toLowerCase());
      if (!columns.includes("drawing") && !columns.includes("strokes"))
        throw new UserError(`${name}: expected a column named drawing, found ${listed(columns)}.`);
      continue;
    }
    const fields = Object.fromEntries(columns.map((column, i) => [column, row[i]]));
    const { recognized = "", ...others } = fields;
    yield { fields: { ...others, recognized: BOOLEANS[recognized.toLowerCase()] } };
  }
}

async function* csvRows(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string[]> {
  const { CsvError, parse } = await import("csv-parse");
  const { head, whole } = await firstBytes(textOf(bytes, name), LONGEST_HEADER);
  const options = {
    delimiter: delimiterOf(head.toString("utf8")),
    skip_empty_lines: true,
    max_record_size: LONGEST_RECORD,
  };
  // pipeline hands errors and an early end on, in both directions; they arrive here through the iteration.
  const rows = pipeline(Readable.from(withoutVoid(whole, name)), parse(options), () => {});
  try {
    yield* rows;
  } catch (error) {
    if (error instanceof CsvError)
      throw new UserError(`${name}: damaged or cut off CSV (${error.message}); download it again.`);
    throw error;
  }
}

const LONGEST_HEADER = 2 ** 16;

/** What parts the columns: the one that the header has most of. Others may stand in the drawings. */
function delimiterOf(head: string): string {
  const [header = ""] = head.trimStart().split(/[\r\n]/);
  const count = (delimiter: string) => header.split(delimiter).length;
  return [",", ";", "\t"].reduce((best, other) => (count(other) > count(best) ? other : best));
}

const LONGEST_VOID = 2 ** 20;
const BLANKS_END = 0x20;

/** Refuses blanks without end, such as newlines that were packed small. */
async function* withoutVoid(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  let blank = 0;
  for await (const chunk of bytes) {
    blank = chunk.every((byte) => byte <= BLANKS_END) ? blank + chunk.length : 0;
    if (blank > LONGEST_VOID)
      throw new UserError(
        `${name}: more than ${LONGEST_VOID} blank bytes in a row; check that it is the right file.`,
      );
    yield chunk;
  }
}
