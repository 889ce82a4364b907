import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode, type Message, message } from "../../../src/graph/onnx/protobuf.ts";

/** Sizes of a value; text is a size that the file leaves open, under that name. */
export type Shape = readonly (number | string)[];

interface Value {
  readonly name: string;
  readonly shape: Shape;
  /** "float32" unless told. */
  readonly type?: "float32" | "double";
}

/** A network of a few ONNX nodes, of open shapes too, which the project's own writer has no need of. */
export interface Network {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** Operator, inputs, output. */
  readonly nodes: readonly (readonly [string, readonly string[], string])[];
  /** Values of a float32 matrix, or the file beside the network that holds them. */
  readonly matrix?: {
    readonly name: string;
    readonly shape: readonly number[];
    readonly data: Float32Array | string;
  };
}

const ELEMENT_TYPE = { float32: 1, double: 11 };
/** TensorProto.data_location: in a file of its own. */
const EXTERNAL = 1;

function valueInfo({ name, shape, type = "float32" }: Value): Message {
  const dims = message();
  for (const n of shape)
    dims.message(1, typeof n === "number" ? message().integer(1, n) : message().text(2, n));
  const tensorType = message().integer(1, ELEMENT_TYPE[type]).message(2, dims);
  return message().text(1, name).message(2, message().message(1, tensorType));
}

function initializer({ name, shape, data }: NonNullable<Network["matrix"]>): Message {
  const proto = message();
  for (const n of shape) proto.integer(1, n);
  proto.integer(2, ELEMENT_TYPE.float32).text(8, name);
  if (typeof data === "string")
    return proto.message(13, message().text(1, "location").text(2, data)).integer(14, EXTERNAL);
  return proto.bytes(9, new Uint8Array(data.buffer));
}

/** The bytes of the network's ONNX file. */
export function onnxBytes({ inputs, outputs, nodes, matrix }: Network): Uint8Array {
  const graph = message().text(2, "test");
  for (const [type, from, to] of nodes) {
    const node = message();
    for (const name of from) node.text(1, name);
    graph.message(1, node.text(2, to).text(4, type));
  }
  if (matrix !== undefined) graph.message(5, initializer(matrix));
  for (const value of inputs) graph.message(11, valueInfo(value));
  for (const value of outputs) graph.message(12, valueInfo(value));
  const opset = message().text(1, "").integer(2, 18);
  return encode(message().integer(1, 8).message(7, graph).message(8, opset));
}

/** A folder for the files of a test. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "cizgi-image-network-"));
  return {
    folder,
    write(name: string, bytes: Uint8Array): string {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
