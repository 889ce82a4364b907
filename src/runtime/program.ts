import * as ort from "onnxruntime-node";
import { messageOf, UserError } from "../base/errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { checkDevice, type Device, type DeviceOptions } from "./devices.ts";
import {
  type Initializers,
  openProgram,
  type Program,
  type SessionOptions,
  sessionOptions,
} from "./session.ts";
import { settleTelemetry } from "./telemetry.ts";

/** What a graph is compiled for. */
export interface ProgramOptions extends DeviceOptions {
  readonly initializers?: Initializers;
  /** Writes ONNX Runtime's profile to a file with this prefix. */
  readonly profile?: string;
}

/**
 * Compiles the computation of `outputs` for a device of this machine.
 * Throws a UserError when the device cannot be had or threads are too many, an Error when weights do not fit.
 */
export async function compile<Outputs extends string>(
  outputs: Readonly<Record<Outputs, Tensor>>,
  { device = "cpu", threads = 0, initializers, profile }: ProgramOptions = {},
): Promise<Program<Outputs>> {
  await settleTelemetry();
  return openProgram(ort, outputs, initializers, sessionOf(device, threads, profile), (error) =>
    deviceFailure(device, error),
  );
}

/** How ONNX Runtime is to run a graph in Node. */
export const sessionOf = (device: Device, threads: number, profile?: string): SessionOptions => {
  checkDevice({ device, threads });
  return {
    ...sessionOptions(device),
    intraOpNumThreads: threads,
    ...(profile !== undefined && { enableProfiling: true, profileFilePrefix: profile }),
  };
};

/** Why no session could be made: for a person, where it is the device's doing. */
export function deviceFailure(device: Device, error: unknown): unknown {
  if (device === "cpu") return error;
  const how = device === "cuda" ? ": ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node" : "";
  return new UserError(
    `device "${device}" cannot be used here: ${messageOf(error).trim()}. Use --device cpu, or install what ONNX Runtime needs for it${how}.`,
  );
}
