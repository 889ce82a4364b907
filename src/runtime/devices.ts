import { availableParallelism } from "node:os";
import { z } from "zod";
import { checked, type KeysOf } from "../base/check.ts";
import { wholeNumber } from "../base/numbers.ts";

/** Where a graph runs: ONNX Runtime's execution providers, by their names. */
export const devices = ["cpu", "webgpu", "cuda", "coreml", "dml"] as const;
/** What ONNX Runtime computes on. */
export type Device = (typeof devices)[number];

/** The device that computes, and its threads. */
export interface DeviceOptions {
  /** "cpu" unless told. */
  readonly device?: Device | undefined;
  /** Threads of the CPU; 0, and unless told: one a core. */
  readonly threads?: number | undefined;
}

/** More threads a core than these only wait for each other, and each takes its memory. */
const THREADS_OF_A_CORE = 8;

/** What a device may be told. */
export const deviceKeys = {
  device: z.enum(devices).optional(),
  threads: wholeNumber(0, THREADS_OF_A_CORE * availableParallelism()).optional(),
} satisfies KeysOf<DeviceOptions>;

/** Throws a UserError for a device that does not exist, and for more threads than are of any use. */
export const checkDevice = ({ device, threads }: DeviceOptions): DeviceOptions =>
  checked(z.object(deviceKeys), { device, threads });
