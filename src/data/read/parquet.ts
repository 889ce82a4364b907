import type { AsyncBuffer, FileMetaData, RowGroup } from "hyparquet";
import { z } from "zod";
import { messageOf, UserError } from "../../base/errors.ts";
import { listed } from "../../base/listed.ts";
import type { ReadDrawing } from "./drawing.ts";
import { drawingsOf, type ReadRecord } from "./records.ts";
import { newReadReport } from "./report.ts";
import { wholeFile } from "./whole.ts";

const FIELDS = ["drawing", "strokes", "word", "key_id", "recognized"];

const LARGEST_GROUP = 2 ** 30;
const MOST_VALUES = 2 ** 27;

/**
 * Reads parquet files of Quick, Draw!, as Hugging Face has them: columns `drawing` (a list of `{x, y}`, or `{x, y}` of
 * lists, or JSON) and, where they are there, `word` (a text, or a number that the file's Hugging Face metadata names),
 * `key_id` and `recognized`. Rows whose drawing is none are skipped and counted in `report`. The packed file and one
 * unpacked row group are held in memory.
 * @param name the file's name, for errors.
 * @throws UserError as `readNdjson` does, and for a file that is damaged, cut off or above 1 GiB.
 */
export const readParquet = (
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  report = newReadReport(),
): AsyncGenerator<ReadDrawing> => drawingsOf(parquetRecords(bytes, name), name, report);

async function* parquetRecords(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<ReadRecord> {
  const [{ parquetMetadataAsync, parquetReadObjects, parquetSchema }, { compressors }] = await Promise.all([
    import("hyparquet"),
    import("hyparquet-compressors"),
  ]);
  const damaged = (where: string) => (error: unknown) => {
    throw new UserError(
      `${name}: damaged or cut off parquet, ${where}: ${messageOf(error)}; download it again.`,
    );
  };
  const file = slicesOf(await wholeFile(bytes, name));
  const { metadata, columns } = await parquetMetadataAsync(file)
    .then((metadata) => ({
      metadata,
      columns: parquetSchema(metadata).children.map(({ element }) => element.name),
    }))
    .catch(damaged("at its end"));
  if (!columns.includes("drawing") && !columns.includes("strokes"))
    throw new UserError(`${name}: expected a column named drawing, found ${listed(columns)}.`);
  const words = wordsOf(metadata);
  const wanted = {
    file,
    metadata,
    compressors,
    columns: columns.filter((column) => FIELDS.includes(column)),
  };
  let rowStart = 0;
  for (const [i, group] of metadata.row_groups.entries()) {
    const where = `row group ${i + 1} of ${metadata.row_groups.length}`;
    refuseLarge(group, `${name}, ${where}`);
    const rowEnd = rowStart + Number(group.num_rows);
    const rows = await parquetReadObjects({ ...wanted, rowStart, rowEnd }).catch(damaged(where));
    if (rows.length !== rowEnd - rowStart)
      damaged(where)(new Error(`${rows.length} rows of ${rowEnd - rowStart}`));
    for (const row of rows) yield { fields: fieldsOf(row, words) };
    rowStart = rowEnd;
  }
}

const slicesOf = (bytes: Buffer): AsyncBuffer => ({
  byteLength: bytes.length,
  slice: (begin, end) => new Uint8Array(bytes.subarray(begin, end)).buffer,
});

/** A few packed bytes can stand for more numbers than there is memory. */
function refuseLarge({ total_byte_size: size, columns }: RowGroup, where: string): void {
  const values = columns.map(({ meta_data }) => Number(meta_data?.num_values ?? 0));
  if (size > LARGEST_GROUP || values.some((count) => count > MOST_VALUES))
    throw new UserError(
      `${where}: it has ${size} bytes and up to ${Math.max(...values)} numbers a column, at most ${LARGEST_GROUP} and ${MOST_VALUES} are read; write smaller row groups.`,
    );
}

const featuresSchema = z.object({
  info: z.object({ features: z.object({ word: z.object({ names: z.array(z.string()) }) }) }),
});

/** The names of words that are numbers, in Hugging Face's metadata. */
function wordsOf({ key_value_metadata: pairs = [] }: FileMetaData): readonly string[] {
  const text = pairs.find(({ key }) => key === "huggingface")?.value;
  try {
    return featuresSchema.parse(JSON.parse(text ?? "")).info.features.word.names;
  } catch {
    return []; // Words are texts then.
  }
}

function fieldsOf(row: Readonly<Record<string, unknown>>, words: readonly string[]): Record<string, unknown> {
  const { word, key_id, recognized, ...drawing } = row;
  const named = typeof word === "bigint" || typeof word === "number" ? words[Number(word)] : word;
  return { word: named, key_id, recognized, drawing: plain(drawing.drawing ?? drawing.strokes) };
}

/** 64-bit numbers and typed arrays as JSON would have them. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value) && Symbol.iterator in value)
    return Array.from(value as Iterable<unknown>, plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
