import { gzipSync } from "node:zlib";
import type { CompressionCodec } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";

/** A drawing of Quick, Draw! as its ndjson has it. */
export interface Record {
  readonly word: string;
  readonly key_id: string;
  readonly recognized: boolean;
  readonly drawing: readonly (readonly (readonly number[])[])[];
}

/** Kaggle's CSV. */
export function csvOf(records: readonly Record[], separator = ","): string {
  const header = ["countrycode", "drawing", "key_id", "recognized", "timestamp", "word"];
  const rows = records.map(({ word, key_id, recognized, drawing }) => [
    "TR",
    `"${JSON.stringify(drawing).replaceAll(",", ", ")}"`,
    key_id,
    recognized ? "True" : "False",
    "2017-03-01 20:35:07.142340",
    word,
  ]);
  return [header, ...rows].map((row) => `${row.join(separator)}\n`).join("");
}

/** Google's binary form. */
export function binOf(records: readonly Record[]): Buffer {
  const short = (value: number) => Buffer.from([value & 255, value >> 8]);
  return Buffer.concat(
    records.flatMap(({ key_id, recognized, drawing }) => {
      const key = Buffer.alloc(8);
      key.writeBigUInt64LE(BigInt(key_id));
      const head = [
        key,
        Buffer.from("TR"),
        Buffer.from([Number(recognized), 1, 2, 3, 4]),
        short(drawing.length),
      ];
      return [...head, ...drawing.flatMap(([x, y]) => [short(x.length), Buffer.from(x), Buffer.from(y)])];
    }),
  );
}

const CLASSES = ["bus", "cat", "hot air balloon"];

/** What Hugging Face's datasets writes into the metadata of a file whose words are numbers. */
export const HUGGING_FACE = JSON.stringify({
  info: {
    features: { word: { names: CLASSES, _type: "ClassLabel" }, key_id: { dtype: "string", _type: "Value" } },
  },
});

interface ParquetOptions {
  readonly classes?: boolean;
  readonly form?: "structs" | "lists" | "json";
  readonly codec?: CompressionCodec;
  readonly rowGroupSize?: number;
  readonly metadata?: { key: string; value: string }[];
}

/** Parquet in the forms that Hugging Face's datasets have. */
export function parquetOf(
  records: readonly Record[],
  { classes = false, form = "structs", codec = "SNAPPY", rowGroupSize = 1000, metadata }: ParquetOptions = {},
): Uint8Array {
  const list = (name: string, repetition_type: "OPTIONAL" | "REQUIRED" = "OPTIONAL") => [
    { name, repetition_type, num_children: 1, converted_type: "LIST" as const },
    { name: "list", repetition_type: "REPEATED" as const, num_children: 1 },
  ];
  const number = { name: "element", type: "INT32" as const, repetition_type: "OPTIONAL" as const };
  const group = (name: string) => ({ name, repetition_type: "OPTIONAL" as const, num_children: 2 });
  const schemas = {
    structs: [...list("drawing"), group("element"), ...list("x"), number, ...list("y"), number],
    lists: [group("drawing"), ...["x", "y"].flatMap((name) => [...list(name), ...list("element"), number])],
    json: [{ name: "drawing", type: "BYTE_ARRAY" as const, converted_type: "UTF8" as const }],
  };
  const drawings = {
    structs: (drawing: Record["drawing"]) => drawing.map(([x, y]) => ({ x, y })),
    lists: (drawing: Record["drawing"]) => ({ x: drawing.map(([x]) => x), y: drawing.map(([, y]) => y) }),
    json: (drawing: Record["drawing"]) => JSON.stringify(drawing),
  };
  const text = { type: "BYTE_ARRAY" as const, converted_type: "UTF8" as const };
  return new Uint8Array(
    parquetWriteBuffer({
      codec,
      compressors: { GZIP: (bytes) => gzipSync(bytes) },
      rowGroupSize,
      kvMetadata: metadata ?? (classes ? [{ key: "huggingface", value: HUGGING_FACE }] : []),
      columnData: [
        { name: "key_id", data: records.map(({ key_id }) => key_id) },
        {
          name: "word",
          data: classes
            ? records.map(({ word }) => BigInt(CLASSES.indexOf(word)))
            : records.map(({ word }) => word),
        },
        { name: "recognized", data: records.map(({ recognized }) => recognized) },
        { name: "drawing", data: records.map(({ drawing }) => drawings[form](drawing)) },
      ],
      schema: [
        { name: "root", num_children: 4 },
        { name: "key_id", ...text },
        { name: "word", ...(classes ? { type: "INT64" as const } : text) },
        { name: "recognized", type: "BOOLEAN" },
        ...schemas[form],
      ],
    }),
  );
}
