import { at } from "../../base/at.ts";
import { topologicalOrder } from "../gradient.ts";
import { type Shape, showShape, sizeOf } from "../shape.ts";
import type { Node, OnnxAttributes, OnnxValue, OnnxWriter, Tensor } from "../tensor.ts";
import { encode, type Message, message } from "./protobuf.ts";

// Field numbers and enumerations are those of onnx.proto (ONNX IR version 8).
const IR_VERSION = 8;
const OPSET = 18;
const ELEMENT_TYPE: Record<OnnxValue["dtype"], number> = { float32: 1, int64: 7, bool: 9 };
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, graph: 5, ints: 7 };

/** Constants of more numbers are weights: no two are the same. */
const LONGEST_SHARED = 2 ** 16;

function attribute(name: string, value: OnnxAttributes[string]): Message {
  const proto = message().text(1, name);
  if (typeof value === "number") return proto.integer(3, value).integer(20, ATTRIBUTE_TYPE.int);
  if (typeof value === "string") return proto.text(4, value).integer(20, ATTRIBUTE_TYPE.string);
  if ("float" in value) return proto.float(2, value.float).integer(20, ATTRIBUTE_TYPE.float);
  if ("graph" in value) return proto.message(6, value.graph).integer(20, ATTRIBUTE_TYPE.graph);
  for (const n of value) proto.integer(8, n);
  return proto.integer(20, ATTRIBUTE_TYPE.ints);
}

/** A named size is any size. */
interface ValueType extends Omit<OnnxValue, "shape"> {
  readonly shape?: readonly (number | string)[];
}

function valueInfo(name: string, { shape, dtype }: ValueType): Message {
  const tensorType = message().integer(1, ELEMENT_TYPE[dtype]);
  if (shape !== undefined) {
    const dims = message();
    for (const n of shape)
      dims.message(1, typeof n === "string" ? message().text(2, n) : message().integer(1, n));
    tensorType.message(2, dims);
  }
  return message().text(1, name).message(2, message().message(1, tensorType));
}

function tensorProto(name: string, data: Float32Array | BigInt64Array, shape: Shape): Message {
  const proto = message();
  for (const n of shape) proto.integer(1, n);
  const dtype = data instanceof Float32Array ? "float32" : "int64";
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return proto.integer(2, ELEMENT_TYPE[dtype]).text(8, name).bytes(9, raw);
}

function initializer(name: string, weights: Float32Array, shape: Shape): Message {
  if (weights.length !== sizeOf(shape)) {
    throw new Error(
      `initializer ${name} needs ${sizeOf(shape)} values for shape ${showShape(shape)}, found ${weights.length}`,
    );
  }
  return tensorProto(name, weights, shape);
}

/** Names of the inputs among `order`; throws when a name would stand for two values. */
function inputNames(order: readonly Node[], outputs: Readonly<Record<string, Tensor>>): Set<string> {
  const inputs = new Set<string>();
  for (const { name } of order) {
    if (name === undefined) continue;
    if (inputs.has(name)) throw new Error(`two inputs are called "${name}"`);
    if (Object.hasOwn(outputs, name)) throw new Error(`"${name}" names an input and an output`);
    inputs.add(name);
  }
  return inputs;
}

/** What the model holds, and for how many rows it is. */
export interface OnnxOptions {
  /** Inputs that become constants of the model: trained weights. */
  readonly initializers?: ReadonlyMap<string, Float32Array> | undefined;
  /**
   * A name for the first size of every input and output, which may then be any: the graph, made for a single row, is
   * computed for one row after the other (an ONNX Scan), whose numbers so depend on no other.
   */
  readonly rows?: string;
}

/**
 * Writes the computation of `outputs` (by the names they shall have) as an ONNX model.
 * Throws when two values have one name, when an initializer does not fill its input, and with `rows` for an input or
 * output of more than one row.
 */
export function toOnnx(
  outputs: Readonly<Record<string, Tensor>>,
  { initializers = new Map(), rows }: OnnxOptions = {},
): Uint8Array {
  const names = new Map<Tensor, string>();
  const written = new Set<Node>();
  const taken = new Set([
    ...inputNames(topologicalOrder(Object.values(outputs)), outputs),
    ...Object.keys(outputs),
  ]);
  let count = 0;
  const fresh = (): string => {
    const name = `v${count++}`;
    return taken.has(name) ? fresh() : name;
  };
  const nameOf = (tensor: Tensor): string => {
    const name = names.get(tensor) ?? fresh();
    names.set(tensor, name);
    return name;
  };

  /** Writes into `graph`: the model's own, or one inside of it. */
  function writerOf(graph: Message): OnnxWriter {
    const constants = new Map<string, string>();
    const onnx: OnnxWriter = {
      name: fresh,
      node(type, inputs, outputNames, attributes = {}, domain = "") {
        const proto = message();
        for (const name of inputs) proto.text(1, name);
        for (const name of outputNames) proto.text(2, name);
        proto.text(3, `${type}_${outputNames[0]}`).text(4, type);
        for (const [name, value] of Object.entries(attributes)) proto.message(5, attribute(name, value));
        if (domain !== "") proto.text(7, domain);
        graph.message(1, proto);
      },
      constant(data, shape) {
        if (data.length > LONGEST_SHARED) {
          const name = fresh();
          graph.message(5, tensorProto(name, data, shape));
          return name;
        }
        const key = `${data.constructor.name}[${shape.join(",")}]${data.join(",")}`;
        const known = constants.get(key);
        if (known !== undefined) return known;
        const name = fresh();
        constants.set(key, name);
        graph.message(5, tensorProto(name, data, shape));
        return name;
      },
      write(tensors) {
        for (const node of topologicalOrder(tensors)) {
          if (written.has(node)) continue;
          written.add(node);
          const first = at(node.outputs, 0);
          if (node.data !== undefined) {
            names.set(first, onnx.constant(node.data, first.shape));
          } else if (node.name !== undefined) {
            names.set(first, node.name);
            const weights = initializers.get(node.name);
            if (weights === undefined) graph.message(11, valueInfo(node.name, first));
            else graph.message(5, initializer(node.name, weights, first.shape));
          } else {
            node.emit(onnx, node.inputs.map(nameOf), node.outputs.map(nameOf));
          }
        }
        return tensors.map(nameOf);
      },
      rename(tensor, name) {
        written.add(tensor.node);
        names.set(tensor, name);
      },
      subgraph(inputs, body) {
        const inner = message().text(2, fresh());
        const inputNames = inputs.map(() => fresh());
        for (const [i, value] of inputs.entries()) inner.message(11, valueInfo(at(inputNames, i), value));
        for (const [name, value] of body(writerOf(inner), inputNames))
          inner.message(12, valueInfo(name, value));
        return inner;
      },
    };
    return onnx;
  }

  /** Computes the graph of a single row for every row of its inputs. */
  function writeScan(graph: Message, size: string): void {
    const inputs = topologicalOrder(Object.values(outputs)).flatMap(({ name, outputs: [tensor] }) =>
      name === undefined || tensor === undefined || initializers.has(name) ? [] : [{ name, tensor }],
    );
    const results = Object.entries(outputs).map(([name, tensor]) => ({ name, tensor }));
    const withoutRow = ({ shape: [row, ...rest], dtype }: Tensor): OnnxValue => {
      if (row !== 1)
        throw new Error(`a graph for single rows has inputs and outputs of one row, found ${row}`);
      return { shape: rest, dtype };
    };
    const anyRows = (tensor: Tensor): ValueType => {
      const { shape = [], dtype } = withoutRow(tensor);
      return { shape: [size, ...shape], dtype };
    };
    const onnx = writerOf(graph);
    const ofRow = inputs.map(({ tensor }) => withoutRow(tensor));
    const body = onnx.subgraph(ofRow, (inner, rowNames) => {
      const reshaped = (name: string, shape: Shape) => {
        const to = fresh();
        const target = inner.constant(BigInt64Array.from(shape, BigInt), [shape.length]);
        inner.node("Reshape", [name, target], [to]);
        return to;
      };
      for (const [i, { tensor }] of inputs.entries())
        inner.rename(tensor, reshaped(at(rowNames, i), tensor.shape));
      return inner.write(results.map(({ tensor }) => tensor)).map((name, i) => {
        const value = withoutRow(at(results, i).tensor);
        return [reshaped(name, value.shape ?? []), value] as const;
      });
    });
    const namesOf = (values: readonly { readonly name: string }[]) => values.map(({ name }) => name);
    const scanned = { body: { graph: body }, num_scan_inputs: inputs.length };
    onnx.node("Scan", namesOf(inputs), namesOf(results), scanned);
    for (const { name, tensor } of inputs) graph.message(11, valueInfo(name, anyRows(tensor)));
    for (const { name, tensor } of results) graph.message(12, valueInfo(name, anyRows(tensor)));
  }

  function writeWhole(graph: Message): void {
    const onnx = writerOf(graph);
    for (const [name, tensor] of Object.entries(outputs)) {
      if (tensor.node.inputs.length > 0 && !names.has(tensor)) names.set(tensor, name);
    }
    onnx.write(Object.values(outputs));
    for (const [name, tensor] of Object.entries(outputs)) {
      if (nameOf(tensor) !== name) onnx.node("Identity", [nameOf(tensor)], [name]);
      graph.message(12, valueInfo(name, tensor));
    }
  }

  const graph = message().text(2, "cizgi");
  if (rows === undefined) writeWhole(graph);
  else writeScan(graph, rows);
  const opset = (domain: string, version: number) => message().text(1, domain).integer(2, version);
  const model = message()
    .integer(1, IR_VERSION)
    .text(2, "cizgi")
    .message(7, graph)
    .message(8, opset("", OPSET))
    .message(8, opset("com.microsoft", 1));
  return encode(model);
}
