import { describe, expect, test } from "vitest";
import { collect } from "../../../src/base/collect.ts";
import { randomStream } from "../../../src/base/random.ts";
import { parametersOf } from "../../../src/families/sketchrnn/programs.ts";
import { head } from "../../../src/families/sketchrnn-diffusion/head.ts";
import { denoise } from "../../../src/families/sketchrnn-diffusion/network.ts";
import { alphaBars, NOISES, noise, noised } from "../../../src/families/sketchrnn-diffusion/noise.ts";
import type { DiffusionSettings } from "../../../src/families/sketchrnn-diffusion/settings.ts";
import { gradients } from "../../../src/graph/gradient.ts";
import { reshape, sum } from "../../../src/graph/ops/stretch.ts";
import { input } from "../../../src/graph/tensor.ts";
import { initialize, parameterScope } from "../../../src/nn/parameters.ts";
import { type SampleOptions, sample } from "../../../src/node/sample.ts";
import { expectClose, feedsFor, finiteDifference, normals } from "../../graph/check.ts";
import { evaluate } from "../../graph/reference.ts";
import { tinyNetwork } from "../sketchrnn/tiny.ts";

const { mixtures: _, sigmaFloor: __, ...shared } = tinyNetwork;
const network: DiffusionSettings = {
  ...shared,
  family: "sketchrnn-diffusion",
  headWidth: 8,
  headBlocks: 1,
};

describe("the noise of a training step", () => {
  test("has time steps of the schedule with their share of the signal", () => {
    const numbers = noise.draw(network, randomStream(1, 2));
    expect(numbers).toHaveLength(noise.size(network));
    for (let i = 0; i < NOISES; i++) {
      const [t, alphaBar] = numbers.slice(4 * i, 4 * i + 2);
      expect(alphaBar).toBe(alphaBars[Number(t)]);
    }
  });

  test("makes of noisy offset and velocity the offset again", () => {
    const rows = 3;
    const [offset, given] = [input("offset", [rows, 2]), input("given", [rows, noise.size(network)])];
    const { noisy, velocity, times } = noised(offset, given, rows);
    const stream = randomStream(4, 0);
    const numbers = Array.from({ length: rows }, () => noise.draw(network, stream)).flat();
    const offsets = normals(2 * rows, 1);
    const [x, v, t] = evaluate([noisy, velocity, times], { offset: offsets, given: numbers });
    for (let row = 0; row < rows * NOISES; row++) {
      const alphaBar = Number(alphaBars[Number(t?.[row])]);
      expect(numbers[4 * row]).toBe(t?.[row]);
      for (const axis of [0, 1]) {
        // x0 = √ᾱ x - √(1-ᾱ) v.
        const x0 =
          Math.sqrt(alphaBar) * Number(x?.[2 * row + axis]) -
          Math.sqrt(1 - alphaBar) * Number(v?.[2 * row + axis]);
        expect(x0).toBeCloseTo(Number(offsets[2 * Math.floor(row / NOISES) + axis]), 5);
      }
    }
  });
});

describe("a diffusion head", () => {
  const rows = 2;
  const { scope, parameters } = parameterScope();
  const inputs = {
    noisy: input("noisy", [rows, 2]),
    times: input("times", [rows]),
    condition: input("condition", [rows, network.headWidth]),
  };
  const velocity = denoise(scope, network, inputs);

  test("says nothing in the beginning, as its last layers are 0", () => {
    const initial = initialize(parameters, 5);
    let from = 0;
    const feeds: Record<string, ArrayLike<number>> = {
      times: [3, 700],
      noisy: normals(4, 1),
      condition: normals(16, 2),
    };
    for (const { name, shape } of parameters) {
      const size = shape.reduce((a, b) => a * b, 1);
      feeds[name] = initial.subarray(from, from + size);
      from += size;
    }
    const [values] = evaluate(
      [velocity],
      feedsFor(
        [],
        Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, Float64Array.from(value)])),
      ),
    );
    expect(values && [...values]).toEqual([0, 0, 0, 0]);
  });

  test("has the gradients of its equations", () => {
    const loss = reshape(sum(velocity), []);
    const targets = [inputs.noisy, inputs.condition, ...parameters.map(({ tensor }) => tensor)];
    const feeds = feedsFor([...Object.values(inputs), ...targets], { times: Float64Array.of(3, 700) });
    const derivatives = evaluate(gradients(loss, targets), feeds);
    for (const [i, { node }] of targets.entries()) {
      const name = node.name ?? "";
      const found = derivatives[i] ?? [];
      const few = Math.min(found.length, 6);
      const expected = Array.from({ length: few }, (_, at) => finiteDifference(loss, feeds, name, at));
      expectClose(Array.from(found).slice(0, few), expected, 1e-6, name);
    }
  });
});

describe("drawings step by step, each by diffusion", () => {
  const parameters = parametersOf(head, network, 2);
  const model = {
    config: {
      format: 2,
      categories: ["cat", "bus"],
      network,
      learnt: { scale: 30 },
      sampling: { steps: 3, temperature: 1 },
    },
    // Not as it begins, as its velocities would be 0.
    weights: normals(
      parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
      9,
    ).map((weight) => weight / 4),
  };
  const draw = (options: Partial<SampleOptions> = {}) =>
    collect(sample(model, { category: "cat", seed: 7, ...options }));

  test.each([1, 2])(
    "are the same bit for bit, whatever is drawn with them, on %i threads",
    async (threads) => {
      const many = await draw({ count: 40, threads });
      expect(await draw({ count: 3, threads })).toEqual(many.slice(0, 3));
      expect(await draw({ count: 1, threads })).toEqual(many.slice(0, 1));
      expect(many[1]?.strokes).not.toEqual(many[0]?.strokes);
    },
  );

  test("take other steps and another temperature, and refuse what they have not", async () => {
    const [own] = await draw();
    expect((await draw({ steps: 3, temperature: 1 }))[0]).toEqual(own);
    expect((await draw({ steps: 5 }))[0]?.strokes).not.toEqual(own?.strokes);
    expect((await draw({ temperature: 0.2 }))[0]?.strokes).not.toEqual(own?.strokes);
    await expect(draw({ guidance: 2 })).rejects.toThrow("guidance");
    await expect(draw({ steps: 1001 })).rejects.toThrow("steps");
  });
});
