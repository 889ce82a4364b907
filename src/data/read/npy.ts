import { UserError } from "../../base/errors.ts";
import { isArray, unpickleArray, type Value } from "./pickle.ts";

/** The start of a .npy file (numpy/lib/_format_impl.py): these bytes, a version, the length of the header that follows. */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * The objects in a .npy file that holds a one-dimensional object array, as numpy.save writes it.
 * @param name where the bytes are from, for errors.
 * @throws UserError for anything else.
 */
export function readObjectArray(bytes: Uint8Array, name: string): readonly Value[] {
  const fail = (problem: string): never => {
    throw new UserError(`${name}: not a usable object array of numpy: ${problem}.`);
  };
  if (bytes.length < 12 || !MAGIC.every((byte, i) => bytes[i] === byte))
    return fail("it does not begin as a .npy file");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint8(6);
  const [begin, length] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const header = new TextDecoder("latin1").decode(bytes.subarray(begin, begin + length));
  const dtype = /'descr': *'([^']*)'/.exec(header)?.[1];
  const shape = /'shape': *\(([^)]*)\)/.exec(header)?.[1];
  if (dtype === undefined || shape === undefined)
    return fail(`its header reads ${JSON.stringify(header.slice(0, 80))}`);
  if (dtype !== "|O" || !/^\d+, *$/.test(shape))
    return fail(
      `expected dtype |O and one dimension (one array a drawing), found ${dtype} of shape (${shape})`,
    );
  const array = unpickleArray(bytes.subarray(begin + length), name);
  if (array.data instanceof Uint8Array || array.data.length !== Number.parseInt(shape, 10))
    return fail(`its header promises ${shape} objects, its pickle has shape [${array.shape}]`);
  return array.data;
}

const READ: Readonly<Record<string, (view: DataView, at: number, littleEndian: boolean) => number>> = {
  i1: (view, at) => view.getInt8(at),
  u1: (view, at) => view.getUint8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  u2: (view, at, little) => view.getUint16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

/** The columns of a numeric array of shape [rows, columns]; undefined for any other value. */
export function columnsOf(value: Value): number[][] | undefined {
  if (!isArray(value)) return undefined;
  const { shape, dtype, fortran, data } = value;
  if (shape.length !== 2 || !(data instanceof Uint8Array)) return undefined;
  const read = READ[dtype.code];
  const [rows, columns] = shape;
  const [rowStep, columnStep] = fortran ? [1, rows] : [columns, 1];
  const bytes = Number(dtype.code.slice(1));
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: columns }, (_, column) =>
    Array.from({ length: rows }, (_, row) =>
      read(view, (row * rowStep + column * columnStep) * bytes, dtype.littleEndian),
    ),
  );
}
