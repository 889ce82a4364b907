import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { Device } from "../../src/runtime/devices.ts";
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

function stepOn(device: Device): Step {
  const script = fileURLToPath(new URL("webgpu-step.ts", import.meta.url));
  const child = spawnSync(process.execPath, ["--import", "tsx", script, device], {
    env: vulkanEnvironment(),
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (child.status !== 0) {
    throw new Error(`the step on ${device} ended with ${child.signal ?? child.status}: ${child.stderr}`);
  }
  return JSON.parse(child.stdout);
}

it("a training step on WebGPU gives the loss and gradients of the CPU", { timeout: 300_000 }, ({ skip }) => {
  const found = stepOn("webgpu");
  if ("missing" in found) {
    console.warn(`skipped: a training step on WebGPU: ${found.missing} ${HOW_TO}`);
    return skip("no WebGPU adapter");
  }
  const expected = stepOn("cpu");
  if ("missing" in expected) throw new Error(expected.missing);

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
