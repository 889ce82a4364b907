/** A field of a protobuf message as it stands in the bytes. */
type Field = bigint | number | Uint8Array;

/** A decoded message: the values of each field by its number, in order. */
export type Fields = ReadonlyMap<number, readonly Field[]>;

/** Decodes one protobuf message of varint, 32-bit and length-delimited fields; throws at anything else or a cut. */
export function readMessage(bytes: Uint8Array): Fields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields = new Map<number, Field[]>();
  let offset = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (shift > 63n) throw new Error("varint longer than 10 bytes");
      const byte = view.getUint8(offset++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
  };
  const block = (): Uint8Array => {
    const length = Number(varint());
    if (offset + length > bytes.length) throw new Error("field longer than its message");
    offset += length;
    return bytes.subarray(offset - length, offset);
  };
  const value = (wireType: number): Field => {
    if (wireType === 0) return varint();
    if (wireType === 2) return block();
    if (wireType !== 5) throw new Error(`wire type ${wireType}`);
    offset += 4;
    return view.getFloat32(offset - 4, true);
  };
  while (offset < bytes.length) {
    const tag = Number(varint());
    const field = Math.floor(tag / 8);
    fields.set(field, [...(fields.get(field) ?? []), value(tag % 8)]);
  }
  return fields;
}

const asBytes = (field: Field | undefined): Uint8Array => {
  if (!(field instanceof Uint8Array)) throw new Error(`expected bytes, found ${field}`);
  return field;
};
const messages = (fields: Fields, number: number): Fields[] =>
  (fields.get(number) ?? []).map((field) => readMessage(asBytes(field)));
const texts = (fields: Fields, number: number): string[] =>
  (fields.get(number) ?? []).map((field) => new TextDecoder().decode(asBytes(field)));
const integers = (fields: Fields, number: number): number[] => (fields.get(number) ?? []).map(Number);
const floats = (fields: Fields, number: number): number[] => integers(fields, number);

interface ReadValue {
  name: string;
  elementType: number;
  /** A named size is any. */
  shape: (number | string)[];
}

/** What a test wants to know of an ONNX file; field numbers are those of onnx.proto. */
export function readModel(bytes: Uint8Array) {
  const model = readMessage(bytes);
  const [graph] = messages(model, 7);
  return {
    irVersion: integers(model, 1)[0],
    opsets: messages(model, 8).map((opset) => ({
      domain: texts(opset, 1)[0],
      version: integers(opset, 2)[0],
    })),
    nodes: messages(graph, 1).map((node) => ({
      inputs: texts(node, 1),
      outputs: texts(node, 2),
      type: texts(node, 4)[0],
      domain: texts(node, 7)[0] ?? "",
      attributes: Object.fromEntries(
        messages(node, 5).map((attribute) => [texts(attribute, 1)[0], read(attribute)]),
      ),
    })),
    initializers: messages(graph, 5).map((tensor) => ({
      name: texts(tensor, 8)[0],
      elementType: integers(tensor, 2)[0],
      shape: integers(tensor, 1),
      data: asBytes(tensor.get(9)?.[0]),
    })),
    inputs: messages(graph, 11).map(valueInfo),
    outputs: messages(graph, 12).map(valueInfo),
  };
}

/** An attribute by its declared type: float 1, int 2, string 3, graph 5 (the types of its nodes), ints 7. */
function read(attribute: Fields): number | string | number[] | string[] {
  const [type] = integers(attribute, 20);
  if (type === 1) return floats(attribute, 2)[0];
  if (type === 2) return integers(attribute, 3)[0];
  if (type === 3) return texts(attribute, 4)[0];
  if (type === 5) return messages(messages(attribute, 6)[0], 1).map((node) => texts(node, 4)[0]);
  if (type === 7) return integers(attribute, 8);
  throw new Error(`attribute of type ${type}`);
}

function valueInfo(value: Fields): ReadValue {
  const [tensorType] = messages(messages(value, 2)[0], 1);
  const [shape] = messages(tensorType, 2);
  return {
    name: texts(value, 1)[0],
    elementType: integers(tensorType, 1)[0],
    shape: messages(shape, 1).map((dimension) => integers(dimension, 1)[0] ?? texts(dimension, 2)[0]),
  };
}
