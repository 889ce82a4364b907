import { UserError } from "../../base/errors.ts";
import { firstBytes } from "./ahead.ts";
import { readBin } from "./bin.ts";
import { readCsv } from "./csv.ts";
import type { ReadDrawing } from "./drawing.ts";
import { gunzipped } from "./gunzip.ts";
import { readJson } from "./json-array.ts";
import { readNdjson } from "./ndjson.ts";
import { readNpz } from "./npz.ts";
import { readParquet } from "./parquet.ts";
import type { ReadReport } from "./report.ts";

/** Makes drawings of a file's bytes; what it skips it counts in the report. */
export type Reader = (
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  report: ReadReport,
) => AsyncIterable<ReadDrawing>;

/** What files of an ending hold, unless their first bytes tell otherwise. `.gz` may stand behind it. */
const READERS: Readonly<Record<string, Reader>> = {
  ".ndjson": readNdjson,
  ".jsonl": readNdjson,
  ".json": readJson,
  ".csv": readCsv,
  ".tsv": readCsv,
  ".bin": readBin,
  ".parquet": readParquet,
  ".npz": readNpz,
};

const GZIP = ".gz";

/** The endings of files of drawings, for messages. */
export const ENDINGS: readonly string[] = Object.keys(READERS);

/** Endings that files of other things commonly have as well. */
const COMMON = [".json", ".csv", ".tsv"];

/** How a file's name ends. */
export interface FileForm {
  /** In lower case: `.ndjson.gz`. */
  readonly ending: string;
  /** The same without the packing: `.ndjson`. */
  readonly form: string;
}

/** The form of drawings that a file's name says; undefined where it says none. */
export function formOf(file: string): FileForm | undefined {
  const name = file.toLowerCase();
  const packed = name.endsWith(GZIP);
  const unpackedName = packed ? name.slice(0, -GZIP.length) : name;
  const form = ENDINGS.find((ending) => unpackedName.endsWith(ending));
  return form === undefined ? undefined : { ending: packed ? form + GZIP : form, form };
}

/** Whether a file is one of drawings as its name goes, or where that does not tell, its first bytes. */
export async function holdsDrawings(file: string, open: () => AsyncIterable<Uint8Array>): Promise<boolean> {
  const form = formOf(file)?.form;
  if (form !== undefined && !COMMON.includes(form)) return true;
  try {
    const { head, whole } = await firstBytes(gunzipped(open(), file), LOOK);
    await whole.return?.();
    // Without the zeros of UTF-16, which is refused by name when it is read.
    const text = head.toString("latin1").replaceAll("\0", "");
    return begins(head, PARQUET) || begins(head, ZIP) || /\b(drawing|strokes)\b/.test(text);
  } catch {
    return form !== undefined; // What is wrong with it is said when it is read.
  }
}

const LOOK = 2 ** 16;

/**
 * Reads a file of drawings of any form, gzipped or not: which one is told by its first bytes and, where these do not tell,
 * its name's ending.
 * @throws UserError for what is no drawings.
 */
export async function* readDrawings(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  report: ReadReport,
): AsyncGenerator<ReadDrawing> {
  const { head, whole } = await firstBytes(gunzipped(bytes, name), LOOK);
  const form = formOf(name)?.form;
  const other = form === ".bin" ? undefined : OTHERS.find(({ magic }) => begins(head, magic));
  if (other !== undefined) {
    await whole.return?.();
    throw new UserError(`${name} ${other.advice}`);
  }
  yield* readerFor(head, form)(whole, name, report);
}

function readerFor(head: Buffer, form = ""): Reader {
  // A binary file begins with a number, which may look like anything.
  if (form === ".bin") return readBin;
  return readerByBytes(head, form) ?? READERS[form] ?? readCsv;
}

/** What a file of another kind begins with, as no text of drawings does, and what to do about it. */
const OTHERS = [
  {
    magic: "version https://git-lfs",
    advice: "is a pointer of Git LFS, not the file itself; fetch it with git lfs pull.",
  },
  { magic: "\x28\xb5\x2f\xfd", advice: "is packed by zstd; unpack it first." },
  { magic: "\xfd7zXZ\0", advice: "is packed by xz; unpack it first." },
  // A level, and then the first block, or the end of an empty file.
  ...[..."123456789"]
    .flatMap((level) => [`BZh${level}1AY&SY`, `BZh${level}\x17rE8P\x90`])
    .map((magic) => ({ magic, advice: "is packed by bzip2; unpack it first." })),
  { magic: "7z\xbc\xaf", advice: "is packed by 7-Zip; unpack it first." },
  { magic: "Rar!\x1a\x07", advice: "is packed by RAR; unpack it first." },
];

/** A parquet file's first field behind its name is a number of 32 bits: of a page's header, or of an empty file's end. */
const PARQUET = "PAR1\x15";
const ZIP = "PK\x03\x04";

const begins = (head: Buffer, magic: string): boolean => head.toString("latin1", 0, magic.length) === magic;

function readerByBytes(head: Buffer, form: string): Reader | undefined {
  if (begins(head, PARQUET)) return readParquet;
  if (begins(head, ZIP)) return readNpz;
  const text = head
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .trimStart();
  if (/^\[\s*\{/.test(text) || /^\{\s*\n\s*"/.test(text)) return readJson;
  if (!text.startsWith("{")) return undefined;
  // Records over several lines each, or one a line: both are objects one after the other.
  return form === ".json" ? readJson : readNdjson;
}
