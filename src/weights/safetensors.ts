import { messageOf, UserError } from "../base/errors.ts";
import { halfToNumber } from "../base/half.ts";
import { parseJson } from "../base/json.ts";
import { shown } from "../base/shown.ts";
import { hasLength } from "../base/tuple.ts";

/**
 * The safetensors format (huggingface/safetensors): a little-endian 64-bit header length, a JSON header that
 * gives each tensor's dtype, shape and byte range, then the bytes of all tensors without holes.
 */
interface Arrays {
  F64: Float64Array;
  F32: Float32Array;
  /** The bits of IEEE 754 half precision numbers; `toFloat32` decodes them. */
  F16: Uint16Array;
  I64: BigInt64Array;
  I32: Int32Array;
  I8: Int8Array;
  U8: Uint8Array;
}

type Dtype = keyof Arrays;

/** A tensor as it lies in a file: `data` holds the elements of `shape` in row-major order. */
export type StoredTensor = {
  [D in Dtype]: { readonly dtype: D; readonly shape: readonly number[]; readonly data: Arrays[D] };
}[Dtype];

export interface Safetensors {
  /** In the order of the file's bytes. */
  readonly tensors: Map<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const METADATA = "__metadata__";
const LENGTH_BYTES = 8;
const ELEMENT_BYTES: Readonly<Record<Dtype, number>> = {
  F64: 8,
  I64: 8,
  F32: 4,
  I32: 4,
  F16: 2,
  I8: 1,
  U8: 1,
};

const byCodeUnits = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;

const elementCount = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/**
 * The bytes of a safetensors file: the same tensors and metadata give the same bytes, whatever their order.
 * Wide elements come first, so that every tensor starts at a multiple of its element's size.
 * @throws RangeError for a shape that does not hold `data`, a name given twice or the reserved `__metadata__`.
 */
export function encodeSafetensors(
  tensors: Iterable<readonly [string, StoredTensor]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const sorted = [...tensors].sort(
    (a, b) => ELEMENT_BYTES[b[1].dtype] - ELEMENT_BYTES[a[1].dtype] || byCodeUnits(a, b),
  );
  const entries: [string, unknown][] = [];
  const names = new Set<string>([METADATA]);
  if (Object.keys(metadata).length > 0)
    entries.push([METADATA, Object.fromEntries(Object.entries(metadata).sort(byCodeUnits))]);
  let size = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    if (names.has(name)) throw new RangeError(`tensor name "${name}" is reserved or given twice`);
    if (elementCount(shape) !== data.length)
      throw new RangeError(`tensor "${name}" of shape [${shape}] has ${data.length} elements`);
    names.add(name);
    entries.push([name, { dtype, shape, data_offsets: [size, size + data.byteLength] }]);
    size += data.byteLength;
  }

  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const dataStart = LENGTH_BYTES + headerLength;
  const bytes = new Uint8Array(dataStart + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(" ".charCodeAt(0), LENGTH_BYTES, dataStart);
  bytes.set(json, LENGTH_BYTES);
  let offset = dataStart;
  for (const [, { data }] of sorted) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file. The tensors are views of `bytes`, copied only where the file is not aligned.
 * @param name the file's name, for errors.
 * @throws UserError naming the file and the tensor for anything that is not well formed.
 */
export function decodeSafetensors(bytes: Uint8Array, name: string): Safetensors {
  const fail = (problem: string): never => {
    throw new UserError(`${name}: not a usable safetensors file: ${problem}`);
  };
  const header = readHeader(bytes, fail);
  // A plain array of bytes: Node's Buffer gives views where slice() should copy.
  const data = new Uint8Array(bytes.buffer, bytes.byteOffset + header.end, bytes.length - header.end);
  let metadata: Readonly<Record<string, string>> = {};
  const entries: (Entry & { name: string })[] = [];
  for (const [key, value] of header.entries) {
    if (key === METADATA) metadata = readMetadata(value, fail);
    else entries.push({ name: key, ...readEntry(key, value, fail) });
  }

  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  const tensors = new Map<string, StoredTensor>();
  let covered = 0;
  let before = "the header";
  for (const { name: key, dtype, shape, begin, end } of entries) {
    const range = `tensor "${key}" (bytes ${begin} to ${end})`;
    if (end > data.length)
      fail(`${range} ends after the file's ${data.length} bytes of data; it was cut short or is damaged`);
    if (begin < covered) fail(`${range} overlaps ${before}`);
    if (begin > covered) fail(`${begin - covered} unused bytes between ${before} and ${range}`);
    tensors.set(key, viewOf(dtype, shape, data.subarray(begin, end)));
    covered = end;
    before = range;
  }
  if (covered < data.length) fail(`${data.length - covered} unused bytes after ${before}`);
  return { tensors, metadata };
}

/** The tensor's elements as float32 (integers and float64 are rounded); float32 data comes back as it is. */
export function toFloat32(tensor: StoredTensor): Float32Array {
  switch (tensor.dtype) {
    case "F32":
      return tensor.data;
    case "F16":
      return Float32Array.from(tensor.data, halfToNumber);
    case "I64":
      return Float32Array.from(tensor.data, Number);
    default:
      return Float32Array.from(tensor.data);
  }
}

type Fail = (problem: string) => never;

interface Entry {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function readHeader(bytes: Uint8Array, fail: Fail): { entries: [string, unknown][]; end: number } {
  if (bytes.length < LENGTH_BYTES)
    return fail(`expected at least ${LENGTH_BYTES} bytes, found ${bytes.length}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > BigInt(bytes.length - LENGTH_BYTES))
    return fail(`its header is said to have ${length} bytes, but the whole file has ${bytes.length}`);
  const end = LENGTH_BYTES + Number(length);
  let text: string;
  let header: unknown;
  try {
    const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    text = utf8.decode(bytes.subarray(LENGTH_BYTES, end));
    header = parseJson(text);
  } catch (error) {
    return fail(`its header is not JSON (${messageOf(error)})`);
  }
  if (!isRecord(header)) return fail(`its header should be a JSON object, found ${shown(header)}`);
  const twice = repeatedKey(text);
  if (twice !== undefined) return fail(`its header names "${twice}" twice`);
  return { entries: Object.entries(header), end };
}

/** JSON.parse keeps the last of two equal keys without a word: the first key that the outermost object repeats. */
function repeatedKey(json: string): string | undefined {
  const keys = new Set<string>();
  let depth = 0;
  let latest = "";
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '"') {
      const end = endOfString(json, at);
      latest = json.slice(at, end + 1);
      at = end;
    } else if (character === "{") depth++;
    else if (character === "}") depth--;
    else if (character === ":" && depth === 1) {
      const key: string = JSON.parse(latest);
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

/** Where the string ends that begins at `start`; a regular expression would take the stack for its backslashes. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return at;
}

function readMetadata(value: unknown, fail: Fail): Record<string, string> {
  if (!isRecord(value)) return fail(`${METADATA} should be an object of strings, found ${shown(value)}`);
  const texts = Object.entries(value).map(([key, text]): [string, string] =>
    typeof text === "string"
      ? [key, text]
      : fail(`${METADATA}.${key} should be a string, found ${shown(text)}`),
  );
  return Object.fromEntries(texts);
}

function readEntry(name: string, value: unknown, fail: Fail): Entry {
  if (!isRecord(value)) return fail(`tensor "${name}" should be an object, found ${shown(value)}`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isDtype(dtype))
    return fail(
      `tensor "${name}" has dtype ${shown(dtype)}; known are ${Object.keys(ELEMENT_BYTES).join(", ")}`,
    );
  if (!isSizes(shape)) return fail(`tensor "${name}" has shape ${shown(shape)}, expected sizes >= 0`);
  if (!isSizes(offsets) || !hasLength(offsets, 2) || offsets[0] > offsets[1])
    return fail(`tensor "${name}" has data_offsets ${shown(offsets)}, expected [begin, end]`);
  const [begin, end] = offsets;
  const expected = elementCount(shape) * ELEMENT_BYTES[dtype];
  if (end - begin !== expected)
    return fail(`tensor "${name}" ${dtype} [${shape}] needs ${expected} bytes, its range has ${end - begin}`);
  return { dtype, shape, begin, end };
}

function viewOf(dtype: Dtype, shape: readonly number[], bytes: Uint8Array): StoredTensor {
  const aligned = bytes.byteOffset % ELEMENT_BYTES[dtype] === 0 ? bytes : bytes.slice();
  const count = bytes.length / ELEMENT_BYTES[dtype];
  const { buffer, byteOffset } = aligned;
  switch (dtype) {
    case "F64":
      return { dtype, shape, data: new Float64Array(buffer, byteOffset, count) };
    case "F32":
      return { dtype, shape, data: new Float32Array(buffer, byteOffset, count) };
    case "F16":
      return { dtype, shape, data: new Uint16Array(buffer, byteOffset, count) };
    case "I64":
      return { dtype, shape, data: new BigInt64Array(buffer, byteOffset, count) };
    case "I32":
      return { dtype, shape, data: new Int32Array(buffer, byteOffset, count) };
    case "I8":
      return { dtype, shape, data: new Int8Array(buffer, byteOffset, count) };
    case "U8":
      return { dtype, shape, data: aligned };
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isDtype = (value: unknown): value is Dtype =>
  typeof value === "string" && Object.hasOwn(ELEMENT_BYTES, value);

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
