import * as ort from "onnxruntime-node";
import { messageOf, UserError } from "../base/errors.ts";
import { toOnnx } from "../graph/onnx/model.ts";
import { showShape, sizeOf } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Device } from "./devices.ts";

export interface ProgramOptions {
  /** "cpu" unless told. */
  device?: Device;
  /** Threads of the CPU provider; all cores unless told. */
  threads?: number;
  /** Values of inputs that become constants of the program: trained weights. */
  initializers?: ReadonlyMap<string, Float32Array>;
  /** Arrays that outputs are written into, by output name; the others are allocated at every run. */
  into?: ReadonlyMap<string, Float32Array>;
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

/** Compiles the computation of `outputs` for a device; throws a UserError when the device cannot be had. */
export async function compile<Outputs extends string>(
  outputs: Readonly<Record<Outputs, Tensor>>,
  options: ProgramOptions = {},
): Promise<Program<Outputs>> {
  const { device = "cpu", threads = 0, initializers, into = new Map(), profile } = options;
  const session = await createSession(toOnnx(outputs, initializers), device, threads, profile);
  const shapes = new Map(
    session.inputMetadata.flatMap((m) => (m.isTensor ? [[m.name, m.shape.map(Number)]] : [])),
  );
  const names = Object.keys(outputs) as Outputs[];
  const fetches = Object.fromEntries(
    names.map((name) => {
      const target = into.get(name);
      return [name, target === undefined ? null : new ort.Tensor("float32", target, outputs[name].shape)];
    }),
  );

  return {
    async run(feeds) {
      const tensors = Object.fromEntries(
        session.inputNames.map((name) => [name, toOrtTensor(name, feeds[name], shapes.get(name) ?? [])]),
      );
      const results = await session.run(tensors, fetches);
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
  data: Float32Array | BigInt64Array | undefined,
  shape: number[],
): ort.Tensor {
  if (data === undefined) throw new Error(`input ${name} ${showShape(shape)} was not fed`);
  if (data.length !== sizeOf(shape)) {
    throw new Error(
      `input ${name} needs ${sizeOf(shape)} values for shape ${showShape(shape)}, found ${data.length}`,
    );
  }
  return data instanceof Float32Array
    ? new ort.Tensor("float32", data, shape)
    : new ort.Tensor("int64", data, shape);
}

async function createSession(model: Uint8Array, device: Device, threads: number, profile?: string) {
  try {
    return await ort.InferenceSession.create(model, {
      executionProviders: device === "cpu" ? ["cpu"] : [device, "cpu"],
      intraOpNumThreads: threads,
      graphOptimizationLevel: "all",
      // Warnings of ONNX Runtime speak of its own choices, such as nodes kept on the CPU: errors only.
      logSeverityLevel: 3,
      ...(profile !== undefined && { enableProfiling: true, profileFilePrefix: profile }),
    });
  } catch (error) {
    if (device === "cpu") throw error;
    throw new UserError(
      `device "${device}" cannot be used here: ${messageOf(error)}. Use --device cpu, or install what ONNX Runtime needs for it.`,
    );
  }
}
