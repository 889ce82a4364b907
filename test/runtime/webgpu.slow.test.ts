import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { Device } from "../../src/runtime/devices.ts";
import { expectClose } from "../graph/check.ts";
import { toleranceOf } from "./device-graph.ts";
import type { Missing } from "./on-device.ts";
import type { Computed } from "./webgpu-graph.ts";
import type { Step } from "./webgpu-step.ts";

/** Where Chromium's packages put SwiftShader, a Vulkan device in software. */
const SWIFTSHADER = ["chromium", "chromium-browser"].map(
  (name) => `/usr/lib/${name}/vk_swiftshader_icd.json`,
);

const HOW_TO =
  "On Linux without a GPU: apt-get install libvulkan1 chromium (its SwiftShader is found by itself), " +
  "or name a Vulkan driver's manifest in VK_DRIVER_FILES.";

/** The environment in which the Vulkan loader finds a device: the user's choice, else SwiftShader where it is. */
function vulkanEnvironment(): NodeJS.ProcessEnv {
  const { VK_DRIVER_FILES, VK_ICD_FILENAMES } = process.env;
  const manifest = VK_DRIVER_FILES ?? VK_ICD_FILENAMES ?? SWIFTSHADER.find((file) => existsSync(file));
  return manifest === undefined ? process.env : { ...process.env, VK_DRIVER_FILES: manifest };
}

/** What a program computes on a device, or why that cannot be had. */
function computedOn<Result extends object>(program: string, device: Device): Result | Missing {
  const script = fileURLToPath(new URL(program, import.meta.url));
  const child = spawnSync(process.execPath, ["--import", "tsx", script, device], {
    env: vulkanEnvironment(),
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (child.status !== 0) {
    throw new Error(`${program} on ${device} ended with ${child.signal ?? child.status}: ${child.stderr}`);
  }
  return JSON.parse(child.stdout);
}

/** What a program computes with WebGPU and on the CPU; without WebGPU its test is skipped aloud. */
function onBoth<Result extends object>(
  what: string,
  program: string,
  skip: (note: string) => never,
): [found: Result, expected: Result] {
  const isMissing = (computed: Result | Missing): computed is Missing => "missing" in computed;
  const found = computedOn<Result>(program, "webgpu");
  if (isMissing(found)) {
    console.warn(`skipped: ${what} on WebGPU: ${found.missing} ${HOW_TO}`);
    return skip("no WebGPU adapter");
  }
  const expected = computedOn<Result>(program, "cpu");
  if (isMissing(expected)) throw new Error(expected.missing);
  return [found, expected];
}

it("a training step on WebGPU gives the loss and gradients of the CPU", { timeout: 300_000 }, ({ skip }) => {
  const [found, expected] = onBoth<Step>("a training step", "webgpu-step.ts", skip);
  expect(Math.abs(found.loss - expected.loss)).toBeLessThan(1e-3);
  for (const [name, values] of Object.entries(expected.gradients)) {
    const largest = Math.max(...values.map(Math.abs));
    const error = Math.max(...values.map((value, i) => Math.abs(value - found.gradients[name][i]))) / largest;
    expect(error, name).toBeLessThan(1e-3);
  }
  // Not the CPU under another name.
  const { WebGpuExecutionProvider: onDevice = 0, CPUExecutionProvider: onCpu = 0 } = found.providers;
  expect(onDevice / (onDevice + onCpu)).toBeGreaterThan(0.95);
});

it("operations and recurrent layers on WebGPU give what they give on the CPU, gradients too", {
  timeout: 300_000,
}, ({ skip }) => {
  const [found, expected] = onBoth<Computed>("operations and recurrent layers", "webgpu-graph.ts", skip);
  for (const [name, values] of Object.entries(expected))
    expectClose(found[name], values, toleranceOf(name), name);
});
