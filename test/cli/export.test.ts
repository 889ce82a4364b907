import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exportCommand } from "../../src/cli/commands/export.ts";
import { buildNetwork } from "../../src/families/network.ts";
import { parameterViews } from "../../src/nn/parameters.ts";
import { loadModel, saveModel } from "../../src/node/model.ts";
import { compile } from "../../src/runtime/program.ts";
import { untrained } from "../families/tiny-model.ts";
import { runHere } from "./in-process.ts";

const root = mkdtempSync(join(tmpdir(), "cizgi-export-"));
afterAll(() => rmSync(root, { recursive: true }));
const place = (...names: string[]) => join(root, ...names);
const run = (...args: string[]) => runHere(exportCommand(), ["--model", place("run"), ...args]);

const model = untrained();
beforeAll(() => saveModel(place("run/model"), model));

describe("cizgi export", () => {
  test.each([
    { name: "plain", told: untrained() },
    { name: "guided", told: untrained({ network: { maxGuidance: 4 } }) },
  ])(
    "writes an ONNX model that says, for any number of drawings, what the network says of each: $name",
    async ({ name, told }) => {
      await saveModel(place(name), told);
      const out = place(`${name}-onnx`);
      const { stdout } = await runHere(exportCommand(), ["--model", place(name), "--onnx", "--out", out]);
      const files = ["config.json", "scheduler_config.json", "model.onnx"];
      expect(stdout).toBe(files.map((file) => `${join(out, file)}\n`).join(""));
      expect(readdirSync(out).sort()).toEqual(files.sort());
      // What the program of docs/export.md opens.
      expect(JSON.parse(readFileSync(join(out, "config.json"), "utf8"))).toEqual(told.config);
      const session = await ort.InferenceSession.create(join(out, "model.onnx"));
      const { categories } = told.config;
      const { points, maxGuidance } = told.config.network;
      for (const count of [1, 2, 5]) {
        const feeds = {
          noisy: Float32Array.from({ length: count * points * 3 }, (_, i) => Math.sin(i)),
          times: Float32Array.from({ length: count }, (_, i) => 10 * i),
          labels: BigInt64Array.from({ length: count }, (_, i) => BigInt(i % (categories.length + 1))),
          ...(maxGuidance && { guidance: Float32Array.from({ length: count }, (_, i) => i % maxGuidance) }),
        };
        const said = await session.run({
          noisy: new ort.Tensor("float32", feeds.noisy, [count, points, 3]),
          times: new ort.Tensor("float32", feeds.times, [count]),
          labels: new ort.Tensor("int64", feeds.labels, [count]),
          ...(feeds.guidance && { guidance: new ort.Tensor("float32", feeds.guidance, [count]) }),
        });
        const { output, parameters } = buildNetwork(told.config, count);
        const initializers = parameterViews(parameters, told.weights);
        const program = await compile({ prediction: output.prediction }, { initializers });
        const { prediction } = await program.run(feeds);
        await program.dispose();
        expect(said.prediction.dims).toEqual([count, points, 3]);
        const found = said.prediction.data as Float32Array;
        for (const [i, value] of prediction.entries()) expect(found[i]).toBeCloseTo(value, 5);
      }
      await session.release();
    },
  );

  test("writes a model folder, in half precision or by 8 bits on request", async () => {
    await run("--safetensors", "--out", place("full"));
    await run("--safetensors", "--half", "--out", place("half"));
    await run("--safetensors", "--int8", "--out", place("int8"));
    expect(readdirSync(place("half")).sort()).toEqual([
      "config.json",
      "model.safetensors",
      "scheduler_config.json",
    ]);
    const [full, half] = await Promise.all([loadModel(place("full")), loadModel(place("half"))]);
    expect(full).toEqual(model);
    expect(half.config).toEqual(model.config);
    for (const [i, weight] of half.weights.entries())
      expect(Math.abs(weight - model.weights[i])).toBeLessThanOrEqual(
        Math.abs(model.weights[i]) * 2 ** -11 + 1e-7,
      );
    const size = (folder: string) => readFileSync(place(folder, "model.safetensors")).length;
    expect(size("half")).toBeLessThan(0.65 * size("full"));
    const int8 = await loadModel(place("int8"));
    expect(int8.config).toEqual(model.config);
    const largest = Math.max(...model.weights.map(Math.abs));
    for (const [i, weight] of int8.weights.entries())
      expect(Math.abs(weight - model.weights[i])).toBeLessThanOrEqual(largest / 250);
    expect(size("int8")).toBeLessThan(size("half"));
  });

  test("refuses to guess what is wanted", async () => {
    await expect(run("--out", place("nothing"))).rejects.toThrow("--onnx, --safetensors or both");
    await expect(run("--onnx", "--half", "--out", place("nothing"))).rejects.toThrow(
      "--half is for --safetensors",
    );
    expect(existsSync(place("nothing"))).toBe(false);
  });
});
