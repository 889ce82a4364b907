import type { Tuple } from "../base/tuple.ts";
import type { Message } from "./onnx/protobuf.ts";
import { checkSizes, type Shape, ShapeError, showShape, sizeOf } from "./shape.ts";

/** Of the values of a tensor. */
export type DType = "float32" | "int64";

/** What an operation knows of a tensor before anything is computed. */
export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A value of the graph: one output of a node. Nothing is computed until the graph runs as ONNX. */
export interface Tensor extends TensorType {
  readonly node: Node;
}

/** What an operation is told beside its inputs. */
export type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

/** Attributes of an ONNX node: a bare number is an integer. */
export type OnnxAttributes = Readonly<
  Record<string, number | { float: number } | { graph: Message } | string | readonly number[]>
>;

/** An input or output of a graph inside of another; without a shape it may have any. */
export interface OnnxValue {
  readonly dtype: DType | "bool";
  readonly shape?: Shape;
}

/** Where an operation writes its ONNX nodes. */
export interface OnnxWriter {
  /** Adds one ONNX node; `domain` is empty for the standard operators. */
  node(
    type: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes?: OnnxAttributes,
    domain?: string,
  ): void;
  /** The name of a constant, written once for equal contents. */
  constant(data: Float32Array | BigInt64Array, shape: Shape): string;
  /** A name that nothing has yet. */
  name(): string;
  /** Names of `tensors`, after writing what they need and has not been written yet. */
  write(tensors: readonly Tensor[]): string[];
  /**
   * A graph inside of this one, for control flow. `body` gets its writer and the names of its inputs and gives the
   * outputs by name; what the graphs around it have written, it may name.
   */
  subgraph(
    inputs: readonly OnnxValue[],
    body: (onnx: OnnxWriter, inputs: readonly string[]) => readonly (readonly [string, OnnxValue])[],
  ): Message;
  /** From now on `tensor`, an input, goes by this name. */
  rename(tensor: Tensor, name: string): void;
}

/** One kind of operation: its shape rule, its gradient and how ONNX spells it. `number` of inputs or outputs is any. */
export interface Op<A extends Attributes, Inputs extends number = number, Outputs extends number = number> {
  readonly name: string;
  /** Element types of the inputs: float32 where not told. */
  readonly takes?: readonly DType[];
  /** Types of the outputs; throws a ShapeError that says what does not fit. */
  infer(inputs: Tuple<TensorType, Inputs>, attributes: A): Tuple<TensorType, Outputs>;
  /** Gradients of the inputs from those of the outputs (undefined: that output does not matter). */
  gradient?(
    node: NodeOf<A, Inputs, Outputs>,
    outputGradients: Tuple<Tensor | undefined, Outputs>,
  ): readonly (Tensor | undefined)[];
  /** Writes the ONNX nodes that it becomes. */
  emit(
    onnx: OnnxWriter,
    node: NodeOf<A, Inputs, Outputs>,
    inputs: Tuple<string, Inputs>,
    outputs: Tuple<string, Outputs>,
  ): void;
  /** Multiplications and additions of the direct algorithm; only matrix products and convolutions count. */
  flops?(node: NodeOf<A, Inputs, Outputs>): number;
}

/** An operation applied to tensors. */
export interface NodeOf<A, Inputs extends number = number, Outputs extends number = number> {
  readonly inputs: Tuple<Tensor, Inputs>;
  readonly outputs: Tuple<Tensor, Outputs>;
  readonly attributes: A;
}

/** One operation applied to its inputs, with the operation's rules bound to it. */
export interface Node extends NodeOf<Attributes> {
  readonly op: string;
  /** Values of a constant. */
  readonly data?: Float32Array | BigInt64Array;
  /** Name of an input, as the caller feeds it. */
  readonly name?: string;
  /** Gradients of the inputs from those of the outputs; undefined where nothing flows. */
  gradient(outputGradients: readonly (Tensor | undefined)[]): readonly (Tensor | undefined)[];
  /** Writes its ONNX nodes. */
  emit(onnx: OnnxWriter, inputs: readonly string[], outputs: readonly string[]): void;
  /** Multiplications and additions, of matrix products and convolutions. */
  flops(): number;
}

/** Makes the function that applies `op`: inputs and attributes to the outputs of a new node. */
export function defineOp<A extends Attributes, Inputs extends number = 1, Outputs extends number = 1>(
  op: Op<A, Inputs, Outputs>,
): (inputs: Tuple<Tensor, Inputs>, attributes: A) => Tuple<Tensor, Outputs>;
export function defineOp<A extends Attributes>(
  op: Op<A>,
): (inputs: readonly Tensor[], attributes: A) => readonly Tensor[] {
  return (inputs, attributes) => {
    const outputs: Tensor[] = [];
    const typed: NodeOf<A> = { inputs, outputs, attributes };
    checkTypes(op, inputs);
    const types = op.infer(inputs, attributes);
    for (const { shape } of types) checkSizes(op.name, shape);
    const node: Node = {
      ...typed,
      op: op.name,
      gradient(outputGradients) {
        if (op.gradient === undefined) throw new Error(`${op.name} has no gradient`);
        return op.gradient(typed, outputGradients);
      },
      emit: (onnx, inputNames, outputNames) => op.emit(onnx, typed, inputNames, outputNames),
      flops: () => op.flops?.(typed) ?? 0,
    };
    for (const type of types) outputs.push({ ...type, node });
    return outputs;
  };
}

function checkTypes(
  { name, takes = [] }: Pick<Op<Attributes>, "name" | "takes">,
  inputs: readonly Tensor[],
): void {
  for (const [i, { dtype, shape }] of inputs.entries()) {
    const wanted = takes[i] ?? "float32";
    if (dtype !== wanted) {
      throw new ShapeError(`${name}: operand ${i + 1} must be ${wanted}, found ${dtype} ${showShape(shape)}`);
    }
  }
}

const leaf = (op: string, type: TensorType, more: Partial<Node>): Tensor => {
  const outputs: Tensor[] = [];
  const node: Node = {
    op,
    inputs: [],
    outputs,
    attributes: {},
    gradient: () => [],
    emit: () => {},
    flops: () => 0,
    ...more,
  };
  const tensor = { ...type, node };
  outputs.push(tensor);
  return tensor;
};

/** A value fed at every run under `name`: data or a parameter. */
export function input(name: string, shape: Shape, dtype: DType = "float32"): Tensor {
  checkSizes(`input ${name}`, shape);
  return leaf("input", { shape, dtype }, { name });
}

/** Fixed float32 values; throws when `data` does not fill `shape`. */
export function constant(data: ArrayLike<number>, shape: Shape): Tensor {
  checkSizes("constant", shape);
  if (data.length !== sizeOf(shape)) {
    throw new ShapeError(
      `constant: ${data.length} values do not fill shape ${showShape(shape)} (${sizeOf(shape)})`,
    );
  }
  return leaf("constant", { shape, dtype: "float32" }, { data: Float32Array.from(data) });
}

/** A single float32 number that broadcasts with everything. */
export const scalar = (value: number): Tensor => constant([value], []);

/** A vector of integers as an ONNX constant: how operators take axes and shapes. */
export const int64Vector = (onnx: OnnxWriter, values: readonly number[]): string =>
  onnx.constant(BigInt64Array.from(values, BigInt), [values.length]);
