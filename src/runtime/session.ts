import { toOnnx } from "../graph/onnx/model.ts";
import { type Shape, showShape, sizeOf } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";

/**
 * ONNX Runtime: of Node, `onnxruntime-node`, or of a browser, `onnxruntime-web`. What is used of it, in types of our own:
 * theirs need DOM's.
 */
export interface Ort {
  readonly InferenceSession: {
    /** Compiles a model. */
    create(model: Uint8Array, options?: SessionOptions): Promise<OrtSession>;
  };
  readonly Tensor: {
    new (type: "float32", data: Float32Array, dims: readonly number[]): OrtTensor;
    new (type: "int64", data: BigInt64Array, dims: readonly number[]): OrtTensor;
  };
}

/** How ONNX Runtime runs a graph. */
export interface SessionOptions {
  readonly executionProviders?: readonly string[];
  readonly graphOptimizationLevel?: "all";
  readonly enableMemPattern?: boolean;
  readonly logSeverityLevel?: 3;
  readonly intraOpNumThreads?: number;
  readonly enableProfiling?: boolean;
  readonly profileFilePrefix?: string;
}

interface OrtSession {
  readonly inputMetadata: readonly OrtValue[];
  run(feeds: Readonly<Record<string, OrtTensor>>): Promise<Readonly<Record<string, OrtTensor>>>;
  endProfiling(): void;
  release(): Promise<void>;
}

type OrtValue =
  | { readonly name: string; readonly isTensor: false }
  | {
      readonly name: string;
      readonly isTensor: true;
      readonly type: string;
      readonly shape: readonly (number | string)[];
    };

interface OrtTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** Values of a graph's inputs, by name; each as long as its shape says. */
export type Feeds = Readonly<Record<string, Float32Array | BigInt64Array>>;

/** Values of inputs that become constants of a program: trained weights. */
export type Initializers = ReadonlyMap<string, Float32Array>;

/** A compiled graph. */
export interface Program<Outputs extends string> {
  /** Computes all outputs from values for every input, by name. */
  run(feeds: Feeds): Promise<Record<Outputs, Float32Array>>;
  /** Gives the program's memory back. */
  dispose(): Promise<void>;
}

/**
 * Compiles the computation of `outputs`.
 * @param failure what to throw in the place of what ONNX Runtime throws.
 */
export async function openProgram<Outputs extends string>(
  ort: Ort,
  outputs: Readonly<Record<Outputs, Tensor>>,
  initializers: Initializers | undefined,
  options: SessionOptions,
  failure: (error: unknown) => unknown,
): Promise<Program<Outputs>> {
  const model = toOnnx(outputs, { initializers });
  const session = await ort.InferenceSession.create(model, options).catch((error) => {
    throw failure(error);
  });
  const inputs = session.inputMetadata.filter((value) => value.isTensor);

  return {
    async run(feeds) {
      const tensors = Object.fromEntries(
        inputs.map(({ name, type, shape }) => [
          name,
          toOrtTensor(ort, name, type, shape.map(Number), feeds[name]),
        ]),
      );
      const results = await session.run(tensors);
      return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data])) as Record<
        Outputs,
        Float32Array
      >;
    },
    async dispose() {
      if (options.enableProfiling) session.endProfiling();
      await session.release();
    },
  };
}

function toOrtTensor(
  { Tensor }: Ort,
  name: string,
  type: string,
  shape: Shape,
  data: Float32Array | BigInt64Array | undefined,
): OrtTensor {
  const needs = `input ${name} needs ${sizeOf(shape)} ${type} values for shape ${showShape(shape)}`;
  if (data === undefined) throw new Error(`${needs}, found none`);
  const found = data instanceof Float32Array ? "float32" : "int64";
  if (found !== type || data.length !== sizeOf(shape)) {
    throw new Error(`${needs}, found ${data.length} ${found} values`);
  }
  return data instanceof Float32Array ? new Tensor("float32", data, shape) : new Tensor("int64", data, shape);
}

/** How ONNX Runtime is to run a graph. */
export const sessionOptions = (provider: string): SessionOptions => ({
  // Operations that the device lacks run on the CPU without its being listed; listed, it would stand in for a device
  // that is not there.
  executionProviders: [provider],
  graphOptimizationLevel: "all",
  // A block planned for all values of a run would come on top of what the first run has already taken.
  enableMemPattern: false,
  // Warnings of ONNX Runtime speak of its own choices, such as nodes kept on the CPU: errors only.
  logSeverityLevel: 3,
});
