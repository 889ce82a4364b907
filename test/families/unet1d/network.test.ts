import { describe, expect, it } from "vitest";
import { permutation, randomStream } from "../../../src/base/random.ts";
import { buildNetwork, type Sizes } from "../../../src/families/denoiser/network.ts";
import { network } from "../../../src/families/unet1d/network.ts";
import { presets } from "../../../src/families/unet1d/presets.ts";
import type { UNet1dSettings } from "../../../src/families/unet1d/settings.ts";
import { gradients } from "../../../src/graph/gradient.ts";
import { add, mul } from "../../../src/graph/ops/elementwise.ts";
import { reshape, sum } from "../../../src/graph/ops/stretch.ts";
import type { Order } from "../../../src/graph/order.ts";
import { type Shape, sizeOf } from "../../../src/graph/shape.ts";
import { parameterCount } from "../../../src/nn/parameters.ts";
import { compile } from "../../../src/runtime/program.ts";
import { expectClose, finiteDifference, normals, onnxFeeds } from "../../graph/check.ts";
import { evaluate } from "../../graph/reference.ts";
import { trainingGraph } from "../../nn/training-graph.ts";

const atSeedSize: Sizes<UNet1dSettings> = {
  ...presets.baseline.network,
  baseChannels: 128,
  classes: 3,
  channels: 2,
  points: 128,
  attentionHeads: 8,
  normGroups: 8,
  pen: "head",
};
const tiny: Sizes<UNet1dSettings> = {
  ...atSeedSize,
  baseChannels: 8,
  points: 16,
  attentionHeads: 2,
  normGroups: 4,
};

describe("the U-Net at the seed's size", () => {
  const { output, parameters } = buildNetwork({ network, sizes: atSeedSize }, 2);

  it("has 12,056,707 parameters", () => expect(parameterCount(parameters)).toBe(12_056_707));

  it("gives noise and pen logits for every point", () => {
    expect(output.prediction.shape).toEqual([2, 128, 2]);
    expect(output.penLogits?.shape).toEqual([2, 128]);
  });

  it("names every parameter once, the same for every batch size", () => {
    const names = parameters.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(buildNetwork({ network, sizes: atSeedSize }, 1).parameters.map(({ name }) => name)).toEqual(names);
  });
});

describe("positions in tiles", () => {
  const weights = (shape: Shape, i: number) => normals(sizeOf(shape), i).map((value) => value / 4);
  const networkIn = (order: Order) => {
    const sizes = { ...tiny, classes: 2 };
    const { output, parameters } = buildNetwork({ network, sizes }, 2, order);
    const { prediction, penLogits = prediction } = output;
    const loss = add(sum(mul(prediction, prediction)), sum(mul(penLogits, penLogits)));
    const derivatives = gradients(
      reshape(loss, []),
      parameters.map(({ tensor }) => tensor),
    );
    const feeds = {
      noisy: normals(64, 900),
      times: [17, 800],
      labels: [0, 2],
      ...Object.fromEntries(parameters.map(({ name, shape }, i) => [name, weights(shape, i)])),
    };
    return evaluate([prediction, penLogits, ...derivatives], feeds);
  };

  it("give the same network and the same gradients, but for the roundings of Winograd's constants", () => {
    const [natural, tiles] = [networkIn("natural"), networkIn("tiles")];
    for (const [i, expected] of natural.entries()) {
      const largest = largestOf(expected);
      const error = largestOf(expected.map((value, j) => value - tiles[i][j]));
      expect(error / largest, `output ${i}`).toBeLessThan(1e-5);
    }
  });
});

const largestOf = (values: Float64Array) =>
  values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);

describe.each(["head", "channel"] as const)(
  "the gradient of a small U-Net's loss, the pen as a %s",
  (pen) => {
    const { parameters, loss, derivatives, inputs, feeds } = trainingGraph({ ...tiny, pen }, 2);
    const [[lossValue], ...expected] = evaluate([loss, ...derivatives], feeds);

    it("agrees with finite differences at the largest element of an eighth of the parameters", () => {
      const order = permutation(parameters.length, randomStream(11));
      for (const which of order.subarray(0, parameters.length / 8)) {
        const { name } = parameters[which];
        const largest = largestOf(expected[which]);
        const element = expected[which].findIndex((value) => Math.abs(value) === largest);
        const difference = finiteDifference(loss, feeds, name, element);
        const error = Math.abs(expected[which][element] - difference) / largest;
        expect(error, `${name}, element ${element}`).toBeLessThan(1e-6);
      }
    });

    it("has the shapes of the parameters", () => {
      expect(derivatives.map(({ shape }) => shape)).toEqual(parameters.map(({ shape }) => shape));
    });

    it("is what ONNX Runtime computes, for every parameter", async () => {
      const named = Object.fromEntries(parameters.map(({ name }, i) => [`gradient.${name}`, derivatives[i]]));
      const program = await compile<string>({ loss, ...named });
      const results = await program.run(onnxFeeds(inputs, feeds));
      await program.dispose();
      expectClose(results.loss, [lossValue], 1e-5, "loss");
      for (const [i, { name }] of parameters.entries()) {
        const unit = largestOf(expected[i]);
        const actual = Array.from(results[`gradient.${name}`], (value) => value / unit);
        expectClose(
          actual,
          expected[i].map((value) => value / unit),
          1e-4,
          name,
        );
      }
    });
  },
);
