import { at } from "../../base/at.ts";
import { UserError } from "../../base/errors.ts";
import { hasLength } from "../../base/tuple.ts";
import { bytesOf, describeDtype, dtypeOf, readNumber } from "./dtype.ts";
import { isArray, type PickledArray, unpickleArray, type Value } from "./pickle.ts";

/** The start of a .npy file (numpy/lib/_format_impl.py): these bytes, a version, the length of the header that follows. */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * The drawings in a .npy file, as numpy.save writes it: the objects of an object array of one dimension, or the tables
 * of an array of three.
 * @param name where the bytes are from, for errors.
 * @throws UserError for anything else.
 */
export function drawingsIn(bytes: Uint8Array, name: string): readonly Value[] {
  const fail = (problem: string): never => {
    throw new UserError(`${name}: not a usable array of numpy: ${problem}.`);
  };
  if (bytes.length < 12 || !MAGIC.every((byte, i) => bytes[i] === byte))
    return fail("it does not begin as a .npy file");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint8(6);
  const [begin, length] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const header = new TextDecoder("latin1").decode(bytes.subarray(begin, begin + length));
  const descr = /'descr': *'([^']*)'/.exec(header)?.[1];
  const sizes = /'shape': *\(([^)]*)\)/.exec(header)?.[1];
  if (descr === undefined || sizes === undefined)
    return fail(`its header reads ${JSON.stringify(header.slice(0, 80))}`);
  const dtype = dtypeOf(descr);
  if (dtype === undefined)
    return fail(`it holds ${describeDtype(descr)}; whole and floating point numbers are read`);
  const shape = [...sizes.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  if (!(shape.length === 3 || (shape.length === 1 && dtype.code === "O")))
    return fail(
      `expected dtype |O and one dimension (one array a drawing), or three dimensions (drawings, points, numbers of a point), found ${descr} of shape (${sizes})`,
    );
  const body = bytes.subarray(begin + length);
  const fortran = header.includes("'fortran_order': True");
  const array: PickledArray =
    dtype.code === "O" ? unpickleArray(body, name) : { kind: "array", shape, dtype, fortran, data: body };
  if (`${array.shape}` !== `${shape}` || !isWhole(array))
    return fail(`its header promises shape (${sizes}), which is not what follows; it was cut off or damaged`);
  if (hasLength(shape, 3)) return tablesOf(array, shape);
  return array.data instanceof Uint8Array ? fail("its header promises objects, numbers follow") : array.data;
}

function isWhole({ shape, dtype, data }: PickledArray): boolean {
  const count = shape.reduce((product, size) => product * size, 1);
  return data.length === (data instanceof Uint8Array ? count * bytesOf(dtype) : count);
}

/** Drawings, points of a drawing, numbers of a point. */
type Sizes = readonly [count: number, rows: number, columns: number];

/** The two-dimensional arrays that a three-dimensional one consists of, each without the padding at its end. */
function tablesOf(array: PickledArray, sizes: Sizes): PickledArray[] {
  const { dtype, data } = array.fortran ? inRows(array, sizes) : array;
  const [count, rows, columns] = sizes;
  // As many empty drawings as the header likes take no bytes.
  if (data.length === 0) return [];
  const length = data.length / count;
  return Array.from({ length: count }, (_, i) => {
    const table = data.slice(i * length, (i + 1) * length);
    const points = pointsOf({ dtype, data: table }, rows, columns);
    const kept = table.slice(0, points * (length / rows));
    return { kind: "array", shape: [points, columns], dtype, fortran: false, data: kept };
  });
}

/** The rows of a table up to the last that moves the pen. */
function pointsOf(table: Pick<PickledArray, "dtype" | "data">, rows: number, columns: number): number {
  const read = numberAt(table);
  const moves = (row: number): boolean =>
    [read(row * columns), read(row * columns + 1)].some((step) => step !== 0 && !Number.isNaN(step));
  let points = rows;
  while (points > 0 && !moves(points - 1)) points--;
  return points;
}

/** The same array in row-major order. */
function inRows(array: PickledArray, [count, rows, columns]: Sizes): PickledArray {
  const { data } = array;
  const size = data instanceof Uint8Array ? bytesOf(array.dtype) : 1;
  const sorted = data.slice();
  for (let i = 0, to = 0; i < count; i++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const from = (i + count * (row + rows * column)) * size;
        for (let part = 0; part < size; part++) sorted[to++] = at<Value>(data, from + part);
      }
  return { ...array, fortran: false, data: sorted };
}

/** The columns of an array of numbers of shape [rows, columns]. */
export function columnsOf({ shape, dtype, fortran, data }: PickledArray): number[][] {
  const [rows = 0, columns = 0] = shape;
  const [rowStep, columnStep] = fortran ? [1, rows] : [columns, 1];
  const read = numberAt({ dtype, data });
  return Array.from({ length: columns }, (_, column) =>
    Array.from({ length: rows }, (_, row) => read(row * rowStep + column * columnStep)),
  );
}

/** Reads the numbers of an array by their index; what is no number in an array of objects is NaN. */
function numberAt({ dtype, data }: Pick<PickledArray, "dtype" | "data">): (index: number) => number {
  if (!(data instanceof Uint8Array))
    return (index) => {
      const value = data[index];
      return typeof value === "number" ? value : Number.NaN;
    };
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const size = bytesOf(dtype);
  return (index) => readNumber(dtype, view, index * size);
}

/** What a value of Python is, where it is no table of numbers. */
export function describeValue(value: Value): string {
  if (isArray(value)) return `an array of shape (${value.shape.join(", ")})`;
  if (Array.isArray(value)) return "a list of Python";
  if (value === null) return "None";
  return typeof value === "object" ? "bytes" : `a ${typeof value} of Python`;
}
