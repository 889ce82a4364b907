import * as ort from "onnxruntime-node";
import { messageOf, UserError } from "../base/errors.ts";
import { toOnnx } from "../graph/onnx/model.ts";
import { type Shape, showShape, sizeOf } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Device } from "./devices.ts";

export interface ProgramOptions {
  /** "cpu" unless told. */
  device?: Device;
  /** Threads of the CPU provider; all cores unless told. */
  threads?: number;
  /** Values of inputs that become constants of the program: trained weights. */
  initializers?: ReadonlyMap<string, Float32Array>;
  /** Writes ONNX Runtime's profile to a file with this prefix. */
  profile?: string;
}

export type Feeds = Readonly<Record<string, Float32Array | BigInt64Array>>;

/** A compiled graph. */
export interface Program<Outputs extends string> {
  /** Computes all outputs from values for every input, by name. */
  run(feeds: Feeds): Promise<Record<Outputs, Float32Array>>;
  dispose(): Promise<void>;
}

/**
 * Compiles the computation of `outputs` for a device.
 * Throws a UserError when the device cannot be had, an Error when weights do not fit.
 */
export async function compile<Outputs extends string>(
  outputs: Readonly<Record<Outputs, Tensor>>,
  options: ProgramOptions = {},
): Promise<Program<Outputs>> {
  const { device = "cpu", threads = 0, initializers, profile } = options;
  const names = Object.keys(outputs) as Outputs[];
  const session = await createSession(toOnnx(outputs, { initializers }), device, threads, profile);
  const inputs = session.inputMetadata.filter((value) => value.isTensor);

  return {
    async run(feeds) {
      const tensors = Object.fromEntries(
        inputs.map(({ name, type, shape }) => [
          name,
          toOrtTensor(name, type, shape.map(Number), feeds[name]),
        ]),
      );
      const results = await session.run(tensors);
      return Object.fromEntries(names.map((name) => [name, results[name].data])) as Record<
        Outputs,
        Float32Array
      >;
    },
    async dispose() {
      if (profile !== undefined) session.endProfiling();
      await session.release();
    },
  };
}

function toOrtTensor(
  name: string,
  type: string,
  shape: Shape,
  data: Float32Array | BigInt64Array | undefined,
): ort.Tensor {
  const needs = `input ${name} needs ${sizeOf(shape)} ${type} values for shape ${showShape(shape)}`;
  if (data === undefined) throw new Error(`${needs}, found none`);
  const found = data instanceof Float32Array ? "float32" : "int64";
  if (found !== type || data.length !== sizeOf(shape)) {
    throw new Error(`${needs}, found ${data.length} ${found} values`);
  }
  return data instanceof Float32Array
    ? new ort.Tensor("float32", data, shape)
    : new ort.Tensor("int64", data, shape);
}

async function createSession(model: Uint8Array, device: Device, threads: number, profile?: string) {
  try {
    return await ort.InferenceSession.create(model, sessionOptions(device, threads, profile));
  } catch (error) {
    throw deviceFailure(device, error);
  }
}

/** How ONNX Runtime is to run a graph. */
export const sessionOptions = (
  device: Device,
  threads: number,
  profile?: string,
): ort.InferenceSession.SessionOptions => ({
  // Operations that the device lacks run on the CPU without its being listed; listed, it would stand in for a device
  // that is not there.
  executionProviders: [device],
  intraOpNumThreads: threads,
  graphOptimizationLevel: "all",
  // A block planned for all values of a run would come on top of what the first run has already taken.
  enableMemPattern: false,
  // Warnings of ONNX Runtime speak of its own choices, such as nodes kept on the CPU: errors only.
  logSeverityLevel: 3,
  ...(profile !== undefined && { enableProfiling: true, profileFilePrefix: profile }),
});

/** Why no session could be made: for a person, where it is the device's doing. */
export const deviceFailure = (device: Device, error: unknown): unknown =>
  device === "cpu"
    ? error
    : new UserError(
        `device "${device}" cannot be used here: ${messageOf(error).trim()}. Use --device cpu, or install what ONNX Runtime needs for it.`,
      );
