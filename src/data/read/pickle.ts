import { UserError } from "../../base/errors.ts";
import { bytesOf, type Dtype, describeDtype, dtypeOf } from "./dtype.ts";

/** A numpy array as it lies in a pickle: numbers as their bytes, or objects. */
export interface PickledArray {
  readonly kind: "array";
  shape: readonly number[];
  dtype: Dtype;
  /** Whether `data` is in column-major order. */
  fortran: boolean;
  data: Uint8Array | readonly Value[];
}

type GlobalName = (typeof GLOBALS)[number];

interface Global {
  readonly kind: "global";
  readonly name: GlobalName;
}

export type Value = null | boolean | number | string | Uint8Array | Value[] | Global | Dtype | PickledArray;

/** All that a pickle of plain arrays refers to; each name stands for data here, never for something to run. */
const GLOBALS = [
  "numpy.core.multiarray._reconstruct",
  "numpy._core.multiarray._reconstruct",
  "numpy.ndarray",
  "numpy.dtype",
  "_codecs.encode",
] as const;

/** CPython's Lib/pickletools.py. */
const Op = {
  MARK: 0x28,
  STOP: 0x2e,
  BININT: 0x4a,
  BININT1: 0x4b,
  BININT2: 0x4d,
  NONE: 0x4e,
  REDUCE: 0x52,
  BINFLOAT: 0x47,
  BINSTRING: 0x54,
  SHORT_BINSTRING: 0x55,
  BINUNICODE: 0x58,
  APPEND: 0x61,
  BUILD: 0x62,
  GLOBAL: 0x63,
  APPENDS: 0x65,
  BINGET: 0x68,
  LONG_BINGET: 0x6a,
  BINPUT: 0x71,
  LONG_BINPUT: 0x72,
  TUPLE: 0x74,
  EMPTY_TUPLE: 0x29,
  EMPTY_LIST: 0x5d,
  BINBYTES: 0x42,
  SHORT_BINBYTES: 0x43,
  PROTO: 0x80,
  TUPLE1: 0x85,
  TUPLE2: 0x86,
  TUPLE3: 0x87,
  NEWTRUE: 0x88,
  NEWFALSE: 0x89,
  SHORT_BINUNICODE: 0x8c,
  LONG1: 0x8a,
  STACK_GLOBAL: 0x93,
  MEMOIZE: 0x94,
  FRAME: 0x95,
} as const;

/** What else Python's own values are written with, to say what is refused. */
const OTHERS: Readonly<Record<number, string>> = {
  125: "a dictionary (dict)",
  143: "a set",
  73: "numbers as text",
  70: "numbers as text",
  129: "an object of a class",
  105: "an object of a class",
};

/** A plain array of half a million drawings; a file of nothing but operations would fill the memory. */
const MOST_OPERATIONS = 2 ** 24;

/**
 * Reads the pickle of a plain numpy array, protocols 2 to 4, as numpy.save writes it. It is an interpreter of the few
 * operations that such a pickle consists of; it calls nothing, and whatever else a pickle may ask for is refused.
 * @param name where the pickle is from, for errors.
 * @throws UserError naming the operation or the object that is not part of a plain array.
 */
export function unpickleArray(bytes: Uint8Array, name: string): PickledArray {
  const latin1 = new TextDecoder("latin1");
  const utf8 = new TextDecoder();
  const stack: Value[] = [];
  const marks: number[] = [];
  const memo = new Map<number, Value>();
  let at = 0;

  const fail = (problem: string): never => {
    throw new UserError(`${name}: refused at byte ${at} of its pickle: ${problem}.`);
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) fail("it was cut off");
    at += length;
    return bytes.subarray(at - length, at);
  };
  /** A little-endian number of `length` bytes. */
  const unsigned = (length: number): number =>
    take(length).reduceRight((value, byte) => value * 256 + byte, 0);
  const textLine = () => {
    const end = bytes.indexOf(0x0a, at);
    return latin1.decode(take(end < 0 ? Infinity : end + 1 - at)).trimEnd();
  };
  const pop = (): Value => {
    const value = stack.pop();
    return value === undefined || stack.length < (marks.at(-1) ?? 0) ? fail("its stack runs empty") : value;
  };
  const popText = (): string => {
    const value = pop();
    return typeof value === "string" ? value : fail("expected a text");
  };
  const popToMark = (): Value[] => stack.splice(marks.pop() ?? fail("a mark is missing"));
  const top = (): Value => stack.at(-1) ?? fail("its stack is empty");
  const recall = (key: number): Value => memo.get(key) ?? fail(`nothing was remembered as ${key}`);
  const global = (path: string): Global => {
    const known = GLOBALS.find((candidate) => candidate === path);
    if (known === undefined)
      return fail(
        `it asks for "${path}"; only plain numpy arrays are read, and no code of a file is ever run`,
      );
    return { kind: "global", name: known };
  };

  for (let operations = 0; ; operations++) {
    if (operations > MOST_OPERATIONS) fail(`it has more than ${MOST_OPERATIONS} operations; split the array`);
    const operation = bytes[at] ?? fail("it was cut off");
    at++;
    switch (operation) {
      case Op.PROTO: {
        const protocol = unsigned(1);
        if (protocol < 2 || protocol > 4) fail(`protocol ${protocol}; 2 to 4 are read`);
        break;
      }
      case Op.FRAME:
        take(8);
        break;
      case Op.MARK:
        marks.push(stack.length);
        break;
      case Op.NONE:
        stack.push(null);
        break;
      case Op.NEWTRUE:
        stack.push(true);
        break;
      case Op.NEWFALSE:
        stack.push(false);
        break;
      case Op.BININT:
        stack.push(unsigned(4) | 0);
        break;
      case Op.BININT1:
        stack.push(unsigned(1));
        break;
      case Op.BININT2:
        stack.push(unsigned(2));
        break;
      case Op.BINFLOAT: {
        const double = take(8);
        stack.push(new DataView(double.buffer, double.byteOffset).getFloat64(0));
        break;
      }
      case Op.LONG1:
        stack.push(signed(take(unsigned(1))));
        break;
      case Op.BINUNICODE:
        stack.push(utf8.decode(take(unsigned(4))));
        break;
      case Op.SHORT_BINUNICODE:
        stack.push(utf8.decode(take(unsigned(1))));
        break;
      case Op.BINSTRING:
      case Op.BINBYTES:
        stack.push(take(unsigned(4)));
        break;
      case Op.SHORT_BINSTRING:
      case Op.SHORT_BINBYTES:
        stack.push(take(unsigned(1)));
        break;
      case Op.EMPTY_LIST:
      case Op.EMPTY_TUPLE:
        stack.push([]);
        break;
      case Op.TUPLE:
        stack.push(popToMark());
        break;
      case Op.TUPLE1:
        stack.push([pop()]);
        break;
      case Op.TUPLE2:
        stack.push([pop(), pop()].reverse());
        break;
      case Op.TUPLE3:
        stack.push([pop(), pop(), pop()].reverse());
        break;
      case Op.APPEND:
      case Op.APPENDS: {
        const items = operation === Op.APPEND ? [pop()] : popToMark();
        const list = top();
        if (!Array.isArray(list)) return fail("it appends to something other than a list");
        for (const item of items) list.push(item);
        break;
      }
      case Op.BINPUT:
        memo.set(unsigned(1), top());
        break;
      case Op.LONG_BINPUT:
        memo.set(unsigned(4), top());
        break;
      case Op.MEMOIZE:
        memo.set(memo.size, top());
        break;
      case Op.BINGET:
        stack.push(recall(unsigned(1)));
        break;
      case Op.LONG_BINGET:
        stack.push(recall(unsigned(4)));
        break;
      case Op.GLOBAL:
        stack.push(global(`${textLine()}.${textLine()}`));
        break;
      case Op.STACK_GLOBAL: {
        const member = popText();
        stack.push(global(`${popText()}.${member}`));
        break;
      }
      case Op.REDUCE: {
        const argument = pop();
        const callee = pop();
        stack.push(
          made(callee, argument) ?? fail(`it makes something other than a plain array${detail(argument)}`),
        );
        break;
      }
      case Op.BUILD: {
        const state = pop();
        if (!restored(top(), state)) fail("an array or its type is not in numpy's plain form");
        break;
      }
      case Op.STOP: {
        const result = pop();
        return isArray(result) ? result : fail("it holds something other than an array");
      }
      default:
        fail(
          `operation 0x${operation.toString(16)}, ${OTHERS[operation] ?? "of Python's"}, is not part of a plain array`,
        );
    }
  }
}

export const isArray = (value: Value): value is PickledArray =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "array";

const isDtype = (value: Value | undefined): value is Dtype =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "dtype";

const isGlobal = (value: Value | undefined): value is Global =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "global";

/** Python 2 wrote texts as bytes. */
const textOf = (value: Value | undefined): string | undefined =>
  typeof value === "string"
    ? value
    : value instanceof Uint8Array
      ? new TextDecoder("latin1").decode(value)
      : undefined;

/** The type of numbers that is not read, where that is why. */
function detail(argument: Value): string {
  const code = Array.isArray(argument) ? textOf(argument[0]) : undefined;
  return code === undefined ? "" : ` of whole or floating point numbers: ${describeDtype(code)}`;
}

/** Two's complement, little endian. */
const signed = (bytes: Uint8Array): number => {
  const value = bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
  return (bytes.at(-1) ?? 0) > 127 ? value - 256 ** bytes.length : value;
};

/** What `callee(*argument)` stands for. */
function made(callee: Value, argument: Value): Value | undefined {
  if (!isGlobal(callee) || !Array.isArray(argument)) return undefined;
  switch (callee.name) {
    case "numpy.core.multiarray._reconstruct":
    case "numpy._core.multiarray._reconstruct": {
      const [of] = argument;
      if (!isGlobal(of) || of.name !== "numpy.ndarray") return undefined;
      const dtype: Dtype = { kind: "dtype", code: "u1", littleEndian: true };
      return { kind: "array", shape: [0], dtype, fortran: false, data: new Uint8Array(0) };
    }
    case "numpy.dtype": {
      const code = textOf(argument[0]);
      return code === undefined ? undefined : dtypeOf(code);
    }
    case "_codecs.encode": {
      const [text, encoding] = argument;
      if (typeof text !== "string" || encoding !== "latin1") return undefined;
      return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    }
    default:
      return undefined;
  }
}

/** Gives an array or a dtype the state it was pickled with; false for a state that is not plain. */
function restored(target: Value, state: Value): boolean {
  if (!Array.isArray(state)) return false;
  if (isDtype(target)) {
    const order = textOf(state[1]);
    if (order === undefined || !["<", ">", "|", "="].includes(order)) return false;
    const [, , subarray, names, fields] = state;
    target.littleEndian = order !== ">";
    return subarray === null && names === null && fields === null;
  }
  const [, shape, dtype, fortran, data] = state;
  if (!isArray(target) || !isShape(shape) || !isDtype(dtype)) return false;
  const count = shape.reduce((product, size) => product * size, 1);
  if (dtype.code === "O") {
    if (!Array.isArray(data) || data.length !== count) return false;
  } else if (!(data instanceof Uint8Array) || data.length !== count * bytesOf(dtype)) return false;
  target.shape = shape;
  target.dtype = dtype;
  target.fortran = Boolean(fortran);
  target.data = data;
  return true;
}

const isShape = (value: Value | undefined): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && Number(size) >= 0);
