import { UserError } from "../../src/base/errors.ts";
import { mul } from "../../src/graph/ops/elementwise.ts";
import { input } from "../../src/graph/tensor.ts";
import type { Device } from "../../src/runtime/devices.ts";
import { compile } from "../../src/runtime/program.ts";

/** What a program prints where the device cannot be had. */
export interface Missing {
  readonly missing: string;
}

/**
 * Prints as JSON what `compute` gives on the device that this program is told, or why the device cannot be had. It is
 * called by programs of their own, because a graphics driver can take its process down.
 */
export async function printFrom<Result>(compute: (device: Device) => Promise<Result>): Promise<void> {
  const device = process.argv[2] === "webgpu" ? "webgpu" : "cpu";
  const result = (await whyMissing(device)) ?? (await compute(device));
  process.stdout.write(JSON.stringify(result));
}

async function whyMissing(device: Device): Promise<Missing | undefined> {
  const x = input("x", [2]);
  try {
    const { dispose } = await compile({ y: mul(x, x) }, { device });
    await dispose();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return { missing: error.message };
    throw error;
  }
}
