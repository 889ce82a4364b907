import * as ort from "onnxruntime-web";
import { expect, test } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { openSession } from "../../src/node/sample.ts";
import { nodeRuntime } from "../../src/runtime/node.ts";
import type { Runtime } from "../../src/runtime/runtime.ts";
import { DeviceError, webRuntime } from "../../src/runtime/web.ts";
import { type Model, openSession as openSessionOn } from "../../src/web/index.ts";
import { untrained } from "../families/tiny-model.ts";
import { expectClose, feedsFor, onnxFeeds } from "../graph/check.ts";
import { deviceFeeds, deviceGraph, toleranceOf } from "./device-graph.ts";

// onnxruntime-web's WASM runs in Node too: what a page computes, without a browser.

const pointsOf = (
  sketches: readonly { strokes: readonly { x: readonly number[]; y: readonly number[] }[] }[],
) => sketches.flatMap(({ strokes }) => strokes.flatMap(({ x, y }) => [...x, ...y]));

async function drawn(model: Model, session: ReturnType<typeof openSession>, count: number) {
  const sketches = await collect(session.sample({ category: model.config.categories[1], count, seed: 3 }));
  await session.dispose();
  return sketches;
}

test.each([1, 5])("in WASM %d drawings are what they are in Node", async (count) => {
  const model = untrained();
  const inNode = await drawn(model, openSession(model), count);
  const inWasm = await drawn(model, openSessionOn(model, webRuntime(ort, "wasm")), count);
  expect(inWasm.map(({ word, seed, index }) => [word, seed, index])).toEqual(
    inNode.map(({ word, seed, index }) => [word, seed, index]),
  );
  const there = pointsOf(inNode);
  const here = pointsOf(inWasm);
  expect(here).toHaveLength(there.length);
  for (const [i, value] of here.entries()) expect(value).toBeCloseTo(there[i], 2);
});

test("in WASM operations and recurrent layers give what they give in Node, gradients too", async () => {
  const { inputs, outputs } = deviceGraph();
  const resultsOf = async (runtime: Runtime) => {
    const program = await runtime.compile(outputs, new Map());
    const results = await program.run(onnxFeeds(inputs, feedsFor(inputs, deviceFeeds)));
    await program.dispose();
    return results;
  };
  const inNode = await resultsOf(nodeRuntime());
  const inWasm = await resultsOf(webRuntime(ort, "wasm"));
  for (const [name, values] of Object.entries(inNode))
    expectClose(inWasm[name], values, toleranceOf(name), name);
});

test("a device that the browser lacks is named, and what to use instead", async () => {
  const session = openSessionOn(untrained(), webRuntime(ort, "webgpu"));
  const drawing = collect(session.sample({ category: "cat" }));
  await expect(drawing).rejects.toThrow(DeviceError);
  await expect(drawing).rejects.toThrow(/device "webgpu" cannot be used in this browser: .* Use "wasm"\./);
});
