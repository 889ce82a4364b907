import { describe, expect, it } from "vitest";
import { sizedPrior } from "../../../src/families/autoencoder/autoencoder.ts";
import { sizedDecoder } from "../../../src/families/encoder-decoder/decoder.ts";
import { encode } from "../../../src/families/encoder-decoder/encoder.ts";
import { encoderDecoder } from "../../../src/families/encoder-decoder/family.ts";
import { presets } from "../../../src/families/encoder-decoder/presets.ts";
import { prior } from "../../../src/families/encoder-decoder/prior.ts";
import { denoisingWithCodes } from "../../../src/families/encoder-decoder/task.ts";
import { gradients } from "../../../src/graph/gradient.ts";
import { input } from "../../../src/graph/tensor.ts";
import { parameterCount, parameterScope } from "../../../src/nn/parameters.ts";
import { expectClose, feedsFor, finiteDifference, normals } from "../../graph/check.ts";
import { evaluate } from "../../graph/reference.ts";
import { checkNetwork } from "../denoiser/checks.ts";
import { denoiserGraph } from "../denoiser/graph.ts";

const { network: standard, optimisation } = presets.quick;
const tiny = {
  ...standard,
  points: 8,
  codeWidth: 5,
  encoderWidth: 6,
  encoderHeads: 2,
  width: 8,
  blocks: 2,
  cycle: 2,
  conditionWidth: 12,
  priorWidth: 8,
  priorBlocks: 2,
};
const priorOf = (network: typeof standard, classes: number) =>
  sizedPrior(
    { prior, codeShape: ({ codeWidth }) => ({ points: 1, channels: codeWidth }) },
    { network, categories: Array.from({ length: classes }, String) },
  ).sizes;

/** Weights and biases of a fully connected layer. */
const layer = (inputs: number, outputs: number) => (inputs + 1) * outputs;
const block = (width: number) => layer(3 * width, 2 * width) + layer(width, width);
const vector = (width: number) => layer(128, width) + layer(width, width) + 11 * width;

function encoderOf(settings: typeof standard, batch: number) {
  const { scope, parameters } = parameterScope();
  const drawings = input("drawings", [batch, settings.points, 3]);
  return { drawings, codes: encode(scope, settings, drawings), parameters };
}

describe("the encoder", () => {
  it("has as many parameters as its layers say", () => {
    const { encoderWidth: width, encoderHeads, codeWidth } = standard;
    const ends = layer(3, width) + encoderHeads * width + layer(width, width) + layer(width, codeWidth);
    expect(parameterCount(encoderOf(standard, 1).parameters)).toBe(4 * (block(width) + width) + width + ends);
  });

  it("gives codes whose numbers have a mean square of 1", () => {
    const { drawings, codes, parameters } = encoderOf(tiny, 3);
    const [values = new Float64Array()] = evaluate(
      [codes],
      feedsFor([drawings, ...parameters.map(({ tensor }) => tensor)]),
    );
    expect(codes.shape).toEqual([3, 1, 5]);
    for (let drawing = 0; drawing < 3; drawing++) {
      const code = values.subarray(5 * drawing, 5 * drawing + 5);
      expectClose([code.reduce((sum, value) => sum + value ** 2 / 5, 0)], [1], 1e-4, "mean square");
    }
  });
});

describe("the decoder", () => {
  it("has as many parameters as its layers say", () => {
    const { width, blocks, conditionWidth, codeWidth } = standard;
    const modulations = 2 * (blocks + 1) * layer(conditionWidth, 2 * width);
    const code = layer(codeWidth, conditionWidth);
    const { network, sizes } = sizedDecoder(standard, 10);
    expect(parameterCount(denoiserGraph(network, sizes, 1).parameters)).toBe(
      vector(conditionWidth) + modulations + code + blocks * block(width) + layer(3, width) + layer(width, 3),
    );
  });

  const { network, sizes } = sizedDecoder(tiny, 2);
  checkNetwork(network, sizes);
});

describe("the prior", () => {
  it("has as many parameters as its layers say", () => {
    const { codeWidth, priorWidth, priorBlocks, conditionWidth } = standard;
    const modulations = priorBlocks * layer(conditionWidth, 2 * priorWidth);
    const perceptron = layer(priorWidth + codeWidth, 2 * priorWidth) + layer(2 * priorWidth, priorWidth);
    expect(parameterCount(denoiserGraph(prior, priorOf(standard, 10), 1).parameters)).toBe(
      vector(conditionWidth) +
        modulations +
        priorBlocks * perceptron +
        layer(codeWidth, priorWidth) +
        layer(priorWidth, codeWidth),
    );
  });

  checkNetwork(prior, priorOf(tiny, 2));
});

describe("what encoder and decoder learn together", () => {
  const count = 4;
  const set = {
    points: tiny.points,
    values: Float32Array.from(normals(2 * count * tiny.points, 1)),
    pens: Float32Array.from({ length: count * tiny.points }, (_, i) => Number(i % 3 === 0)),
    labels: Uint16Array.of(0, 1, 0, 1),
  };
  const training = { ...optimisation.autoencoder, batchSize: count };
  const task = denoisingWithCodes(tiny, 2, training, set);
  const members = Uint32Array.of(3, 0, 2, 1);

  it("has gradients that agree with finite differences", () => {
    const { losses, parameters, ahead = {} } = task.lossGraph(count, count);
    expect(Object.keys(ahead)).toEqual(["conditions.block1", "conditions.block2", "conditions.output"]);
    const own = parameters.filter(({ name }) => /^(encoder|decoder\.(code|input|block|output))/.test(name));
    const batch = Object.entries(task.makeBatch(members, 5)).map(([name, values]) => [
      name,
      Array.from<number | bigint, number>(values, Number),
    ]);
    const conditions = Object.entries(ahead).map(([name, { shape }], i) => [
      name,
      normals(
        shape.reduce((a, b) => a * b, 1),
        80 + i,
      ),
    ]);
    const weights = own.map(({ name, shape }, i) => {
      const size = shape.reduce((a, b) => a * b, 1);
      return [name, normals(size, 50 + i).map((value) => value / Math.sqrt(size / (shape[0] ?? 1)))];
    });
    const feeds = Object.fromEntries([...batch, ...conditions, ...weights]);
    feeds.keep = [1, 0, 1, 1];
    const derivatives = evaluate(
      gradients(
        losses.loss,
        own.map(({ tensor }) => tensor),
      ),
      feeds,
    );
    for (const [i, { name }] of own.entries()) {
      const derivative = derivatives[i] ?? new Float64Array();
      const largest = derivative.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const element = derivative.findIndex((value) => Math.abs(value) === largest);
      expect(largest, name).toBeGreaterThan(0);
      const difference = finiteDifference(losses.loss, feeds, name, element);
      expect(Math.abs((derivative[element] ?? 0) - difference) / largest, name).toBeLessThan(1e-6);
    }
  });

  it("is fed the same batch for the same step, the drawings clean and noisy", () => {
    const batch = task.makeBatch(members, 5);
    expect(task.makeBatch(members, 5)).toEqual(batch);
    const { clean, noise } = task.makeBatch(members, 6);
    expect(clean).toEqual(batch.clean);
    expect(noise).not.toEqual(batch.noise);
  });

  it("drops codes as often as asked, and half of them where the class is dropped", () => {
    const batches = Array.from({ length: 1500 }, (_, step) => task.makeBatch(members, step));
    const shares = [true, false].map((isDropped) => {
      const keeps = batches.flatMap(({ labels = [], keep = [] }) =>
        Array.from<number | bigint>(keep).filter((_, i) => (labels[i] === 2n) === isDropped),
      );
      return keeps.filter((keep) => keep === 0).length / keeps.length;
    });
    // Four standard deviations of so many draws.
    expect(Math.abs((shares[0] ?? 0) - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 600));
    expect(Math.abs((shares[1] ?? 0) - 0.1)).toBeLessThan(4 * Math.sqrt(0.09 / 5400));
  });
});

it.each([
  [{ encoderHeads: 7 }, "network.encoderHeads: expected a divisor of encoderWidth 64, found 7"],
  [{ cycle: 7 }, "network.cycle: expected less than 7 for 48 points, found 7"],
])("refuses %o", (over, message) => {
  const run = { ...presets.quick, network: { ...standard, ...over } };
  expect(() => encoderDecoder.parseRun(run, "run")).toThrow(message);
});
