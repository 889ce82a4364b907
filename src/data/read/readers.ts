import type { ReadDrawing } from "./drawing.ts";
import { gunzipped } from "./gunzip.ts";
import { readNdjson } from "./ndjson.ts";
import { readNpz } from "./npz.ts";
import type { ReadReport } from "./report.ts";

/** Makes drawings of a file's bytes; what it skips it counts in the report. */
export type Reader = (
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  report: ReadReport,
) => AsyncIterable<ReadDrawing>;

/** How files of an ending are read. Whether they are gzipped is told by `.gz` behind it, or by their content. */
const READERS: Readonly<Record<string, Reader>> = {
  ".ndjson": readNdjson,
  ".jsonl": readNdjson,
  ".npz": readNpz,
};

const GZIP = ".gz";

/** How a file is read. */
export interface FileReader {
  /** How its name ends, in lower case: `.ndjson.gz`. */
  readonly ending: string;
  /** The same without the packing: `.ndjson`. */
  readonly form: string;
  readonly read: Reader;
}

/** What reads a file, by its name alone; undefined for one of another kind. */
export function readerOf(file: string): FileReader | undefined {
  const name = file.toLowerCase();
  const packed = name.endsWith(GZIP);
  const unpackedName = packed ? name.slice(0, -GZIP.length) : name;
  const found = Object.entries(READERS).find(([form]) => unpackedName.endsWith(form));
  if (found === undefined) return undefined;
  const [form, read] = found;
  if (!packed) return { ending: form, form, read };
  return {
    ending: form + GZIP,
    form,
    read: (bytes, title, report) => read(gunzipped(bytes, title), title, report),
  };
}
