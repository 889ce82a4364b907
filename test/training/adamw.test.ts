import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shared } from "../../src/runtime/threads.ts";
import { adamWStep, addUp } from "../../src/training/adamw.js";
import { learningRateFactors } from "../../src/training/learning-rate.ts";
import {
  type AdamWOptions,
  createOptimizerState,
  type OptimizerState,
  startOptimizer,
} from "../../src/training/optimizer.ts";

const options = {
  learningRate: 0.01,
  betas: [0.9, 0.99],
  weightDecay: 0.1,
  epsilon: 1e-8,
  gradientScale: 1,
  emaDecay: 0.9,
} as const;

const step = (state: OptimizerState, gradient: Float32Array, count: number, how: AdamWOptions) =>
  adamWStep(state, gradient, count, how, 0, gradient.length);
const globalNorm = (vector: Float32Array) => Math.sqrt(addUp([vector], 0, vector.length));

/** Loshchilov and Hutter 2019, algorithm 2, line by line in float64; the moving average beside it. */
function reference(weight: number, gradients: readonly number[]) {
  const { learningRate, betas, weightDecay, epsilon, gradientScale, emaDecay } = options;
  let [w, m, v, ema] = [weight, 0, 0, weight];
  for (const [i, gradient] of gradients.entries()) {
    const g = gradient * gradientScale;
    m = betas[0] * m + (1 - betas[0]) * g;
    v = betas[1] * v + (1 - betas[1]) * g * g;
    const mean = m / (1 - betas[0] ** (i + 1));
    const square = v / (1 - betas[1] ** (i + 1));
    w -= learningRate * (mean / (Math.sqrt(square) + epsilon) + weightDecay * w);
    ema = emaDecay * ema + (1 - emaDecay) * w;
  }
  return { w, ema };
}

const number = fc.float({ noNaN: true, min: -3, max: 3 });

describe("AdamW", () => {
  test("is the paper's algorithm over many steps", () => {
    fc.assert(
      fc.property(number, fc.array(number, { minLength: 1, maxLength: 30 }), (weight, gradients) => {
        const state = createOptimizerState(Float32Array.of(weight));
        for (const [i, gradient] of gradients.entries())
          step(state, Float32Array.of(gradient), i + 1, options);
        const expected = reference(weight, gradients);
        expect(state.weights[0]).toBeCloseTo(expected.w, 5);
        expect(state.ema[0]).toBeCloseTo(expected.ema, 5);
      }),
    );
  });

  test("the first step goes by the learning rate against the gradient's sign, however large the gradient", () => {
    const state = createOptimizerState(Float32Array.of(0, 0, 0, 0));
    step(state, Float32Array.of(1e-3, 5, -2e4, 0), 1, options);
    for (const [i, expected] of [-0.01, -0.01, 0.01, 0].entries())
      expect(state.weights[i]).toBeCloseTo(expected, 6);
  });

  test("without a gradient only the decay is left", () => {
    const state = createOptimizerState(Float32Array.of(2));
    step(state, new Float32Array(1), 1, options);
    expect(state.weights[0]).toBeCloseTo(2 * (1 - 0.01 * 0.1), 6);
  });

  test("the scale on the gradient is the same as a smaller gradient", () => {
    const scaled = createOptimizerState(Float32Array.of(1, -1));
    const plain = createOptimizerState(Float32Array.of(1, -1));
    step(scaled, Float32Array.of(4, 8), 1, { ...options, gradientScale: 0.25 });
    step(plain, Float32Array.of(1, 2), 1, options);
    expect(scaled).toEqual(plain);
  });

  test("the moving average of a weight that stays is that weight; of a jump, what is left of it after n steps", () => {
    const still = { ...options, weightDecay: 0 };
    const state = createOptimizerState(Float32Array.of(3));
    expect(state.ema[0]).toBe(3);
    state.weights[0] = 4;
    for (let count = 1; count <= 5; count++) step(state, new Float32Array(1), count, still);
    expect(state.ema[0]).toBeCloseTo(4 - 0.9 ** 5, 5);
  });
});

test("the global norm is that of all numbers together, without overflow in float32", () => {
  expect(globalNorm(Float32Array.of(3, 4, 12))).toBe(13);
  expect(globalNorm(Float32Array.of(3e30, 4e30)) / 5e30).toBeCloseTo(1, 6);
  expect(globalNorm(Float32Array.of(1, Number.NaN))).toBeNaN();
  expect(globalNorm(Float32Array.of(1, Infinity))).toBe(Infinity);
});

describe("learning rate", () => {
  test("of the seed: a tenth more in each of 10 epochs, then half a cosine to nothing", () => {
    const factor = (epoch: number) => learningRateFactors.cosine(epoch, 300, 10);
    expect([0, 4, 9, 10].map(factor)).toEqual([0.1, 0.5, 1, 1]);
    expect(factor(155)).toBeCloseTo(0.5, 12);
    expect(factor(299)).toBeLessThan(1e-4);
    expect(factor(299)).toBeGreaterThan(0);
  });

  test("rises, then falls, and stays in 0 .. 1, whatever the numbers", () => {
    const epochs = fc.integer({ min: 1, max: 400 });
    fc.assert(
      fc.property(epochs, fc.integer({ min: 0, max: 50 }), (count, warmup) => {
        const factors = Array.from({ length: count }, (_, epoch) =>
          learningRateFactors.cosine(epoch, count, warmup),
        );
        for (const [epoch, factor] of factors.entries()) {
          expect(factor).toBeGreaterThan(0);
          expect(factor).toBeLessThanOrEqual(1);
          if (epoch > 0 && epoch < warmup) expect(factor).toBeGreaterThan(factors[epoch - 1]);
          if (epoch > warmup) expect(factor).toBeLessThan(factors[epoch - 1]);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("a trapezoid: a linear rise, steady, in the last fifth a linear fall, wherever in an epoch", () => {
    const factor = (epoch: number) => learningRateFactors.trapezoid(epoch, 20, 0.5);
    expect([0.1, 0.25, 0.5, 7.3, 16].map(factor)).toEqual([0.2, 0.5, 1, 1, 1]);
    expect(factor(17)).toBeCloseTo(0.75, 12);
    expect(factor(19.9)).toBeCloseTo(0.025, 12);
    expect(learningRateFactors.trapezoid(3, 40, 0.5)).toBe(learningRateFactors.trapezoid(3, 20, 0.5));
  });
});

describe("the optimizer", () => {
  const length = 300_007;
  const vector = (seed: number) => shared(Float32Array.from({ length }, (_, i) => Math.sin(seed * 1000 + i)));

  test.each([1, 2, 3])("with %i threads does what one pass over the vectors does", async (threads) => {
    const gradients = Array.from({ length: threads }, (_, i) => vector(i + 1));
    const sum = Float32Array.from({ length }, (_, i) => gradients.reduce((a, g) => Math.fround(a + g[i]), 0));
    const [state, expected] = [0, 0].map(() => createOptimizerState(vector(9)));
    const optimizer = startOptimizer(state, gradients);
    const norm = await optimizer.gradientNorm();
    expect(norm / globalNorm(sum)).toBeCloseTo(1, 12);
    expect(gradients[0]).toEqual(sum);
    for (const count of [1, 2]) {
      await optimizer.step(count, options);
      step(expected, sum, count, options);
    }
    await optimizer.dispose();
    expect(state).toEqual(expected);
  });

  test("says so where a gradient is no number", async () => {
    const gradients = [vector(1), vector(2)];
    gradients[1][length - 1] = Number.NaN;
    const optimizer = startOptimizer(createOptimizerState(vector(3)), gradients);
    expect(await optimizer.gradientNorm()).toBeNaN();
    await optimizer.dispose();
  });
});
