import { describe, expect, it } from "vitest";
import { buildEncoder, sizedPrior } from "../../../src/families/autoencoder/autoencoder.ts";
import { buildDecoder } from "../../../src/families/latent/decoder.ts";
import { latent } from "../../../src/families/latent/family.ts";
import { encode } from "../../../src/families/latent/networks.ts";
import { presets } from "../../../src/families/latent/presets.ts";
import { prior } from "../../../src/families/latent/prior.ts";
import { autoencoding } from "../../../src/families/latent/task.ts";
import { gradients } from "../../../src/graph/gradient.ts";
import { parameterCount } from "../../../src/nn/parameters.ts";
import { expectClose, finiteDifference, normals } from "../../graph/check.ts";
import { evaluate } from "../../graph/reference.ts";
import { checkNetwork } from "../denoiser/checks.ts";
import { denoiserGraph } from "../denoiser/graph.ts";

const { network: standard, optimisation } = presets.quick;
const tiny = {
  ...standard,
  points: 8,
  latents: 4,
  latentSize: 3,
  pointWidth: 4,
  latentWidth: 5,
  priorWidth: 8,
  priorBlocks: 3,
  conditionWidth: 12,
};
const codeShape = ({ latents, latentSize }: typeof standard) => ({ points: latents, channels: latentSize });
const sizesFor = (network: typeof standard, categories: number) =>
  sizedPrior({ prior, codeShape }, { network, categories: Array.from({ length: categories }, String) }).sizes;

/** Weights and biases of a fully connected layer. */
const layer = (inputs: number, outputs: number) => (inputs + 1) * outputs;
const block = (width: number) => layer(3 * width, 2 * width) + layer(width, width);

describe("an autoencoder", () => {
  it("has as many parameters as its layers say", () => {
    const { points, latents, latentSize, pointWidth, latentWidth } = standard;
    const blocks = 3 * (block(pointWidth) + pointWidth + block(latentWidth) + latentWidth);
    const patch = (points / latents) * pointWidth;
    const encoder =
      layer(3, pointWidth) + layer(patch, latentWidth) + latentWidth + layer(latentWidth, latentSize);
    const decoder =
      layer(latentSize, latentWidth) + layer(latentWidth, patch) + pointWidth + layer(pointWidth, 3);
    expect(parameterCount(buildEncoder({ encode }, standard, 1).parameters)).toBe(blocks + encoder);
    expect(parameterCount(buildDecoder(standard, 1).parameters)).toBe(blocks + decoder);
  });

  describe("its loss", () => {
    const count = 2;
    const set = {
      points: tiny.points,
      values: Float32Array.from(normals(2 * count * tiny.points, 1)),
      pens: Float32Array.from({ length: count * tiny.points }, (_, i) => Number(i % 3 === 0)),
      labels: Uint16Array.of(0, 1),
    };
    const training = { ...optimisation.autoencoder, batchSize: count, klWeight: 0.25, penWeight: 0.5 };
    const task = autoencoding(tiny, training, set);
    const { losses, parameters } = task.lossGraph(count, count);
    const batch = task.makeBatch(Uint32Array.of(1, 0), 5);
    const feeds = {
      ...Object.fromEntries(
        Object.entries(batch).map(([name, values]) => [name, Array.from(values, Number)]),
      ),
      ...Object.fromEntries(
        parameters.map(({ name, tensor: { shape } }, i) => {
          const size = shape.reduce((a, b) => a * b, 1);
          return [name, normals(size, 50 + i).map((value) => value / Math.sqrt(size / (shape[0] ?? 1)))];
        }),
      ),
    };

    it("adds up of the coordinates' error, the pen's and the divergence", () => {
      const [loss, coordinates, pen, divergence] = evaluate(
        [losses.loss, ...["coordinates", "pen", "divergence"].flatMap((name) => losses[name] ?? [])],
        feeds,
      ).map(([value = Number.NaN]) => value);
      expectClose(
        [loss ?? 0],
        [(coordinates ?? 0) + 0.5 * (pen ?? 0) + 0.25 * (divergence ?? 0)],
        1e-9,
        "loss",
      );
    });

    it("has gradients that agree with finite differences, for every parameter", () => {
      const derivatives = evaluate(
        gradients(
          losses.loss,
          parameters.map(({ tensor }) => tensor),
        ),
        feeds,
      );
      for (const [i, { name }] of parameters.entries()) {
        const derivative = derivatives[i] ?? new Float64Array();
        const largest = derivative.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        const element = derivative.findIndex((value) => Math.abs(value) === largest);
        expect(largest, name).toBeGreaterThan(0);
        const difference = finiteDifference(losses.loss, feeds, name, element);
        expect(Math.abs((derivative[element] ?? 0) - difference) / largest, name).toBeLessThan(1e-6);
      }
    });

    it("is fed the same batch for the same step, with other noise at another", () => {
      expect(task.makeBatch(Uint32Array.of(1, 0), 5)).toEqual(batch);
      const later = task.makeBatch(Uint32Array.of(1, 0), 6);
      expect(later.drawings).toEqual(batch.drawings);
      expect(later.noise).not.toEqual(batch.noise);
    });
  });
});

describe("the prior", () => {
  it("has as many parameters as its layers say", () => {
    const { latentSize, priorWidth, priorBlocks, conditionWidth } = standard;
    const vector = layer(128, conditionWidth) + layer(conditionWidth, conditionWidth) + 11 * conditionWidth;
    const modulations = (priorBlocks + 1) * layer(conditionWidth, 2 * priorWidth);
    const ends = layer(latentSize, priorWidth) + layer(priorWidth, latentSize);
    expect(parameterCount(denoiserGraph(prior, sizesFor(standard, 10), 1).parameters)).toBe(
      vector + modulations + priorBlocks * block(priorWidth) + ends,
    );
  });

  checkNetwork(prior, sizesFor(tiny, 2));
});

it("latents share out the points", () => {
  const run = { ...presets.quick, network: { ...standard, latents: 7 } };
  expect(() => latent.parseRun(run, "run")).toThrow(
    "network.latents: expected a divisor of points 48, found 7",
  );
});
