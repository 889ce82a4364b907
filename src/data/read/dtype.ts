import { halfToNumber } from "../../base/half.ts";
/** How numpy stores an element of an array. */
export interface Dtype {
  readonly kind: "dtype";
  /** numpy's letter and the bytes of an element, such as "i2"; "O" for objects. */
  readonly code: string;
  littleEndian: boolean;
}

type ReadNumber = (view: DataView, at: number, littleEndian: boolean) => number;

const NUMBERS: Readonly<Record<string, ReadNumber>> = {
  i1: (view, at) => view.getInt8(at),
  u1: (view, at) => view.getUint8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  u2: (view, at, little) => view.getUint16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  f2: (view, at, little) => halfToNumber(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

/** Other types, by numpy's letter. */
const OTHERS: Readonly<Record<string, string>> = {
  "?": "booleans",
  b: "booleans",
  c: "complex numbers",
  f: "floating point numbers of another size",
  M: "dates",
  m: "durations",
  S: "texts",
  U: "texts",
  V: "records",
};

/** The type that numpy writes as `<i2`, `O8` or the like; undefined for one that is neither number nor object. */
export function dtypeOf(text: string): Dtype | undefined {
  const [, order, code = ""] = /^([<>|=]?)(.*)$/.exec(text) ?? [];
  const plain = code === "O8" ? "O" : code;
  if (plain !== "O" && !Object.hasOwn(NUMBERS, plain)) return undefined;
  return { kind: "dtype", code: plain, littleEndian: order !== ">" };
}

/** What the elements of a type are that is not read: `booleans (|b1)`. */
export const describeDtype = (text: string): string =>
  `${OTHERS[text.replace(/^[<>|=]/, "").charAt(0)] ?? "an unknown type"} (${text.slice(0, 20)})`;

/** The bytes of a number of that type. */
export const bytesOf = ({ code }: Dtype): number => Number(code.slice(1));

/** The number at a byte of the view; NaN of objects. */
export const readNumber = ({ code, littleEndian }: Dtype, view: DataView, at: number): number =>
  NUMBERS[code]?.(view, at, littleEndian) ?? Number.NaN;
