import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  impliedDrawing,
  impliedNoise,
  lossWeight,
  predictions,
  predictionTarget,
} from "../../src/diffusion/parameterisation.ts";
import { addNoise } from "../../src/diffusion/schedule.ts";

const value = fc.float({ noNaN: true, min: -4, max: 4 });
const alphaBar = fc.double({ noNaN: true, min: 0.001, max: 0.999 });
const type = fc.constantFrom(...predictions);

test("what a network should predict implies the noise and the drawing that x was made of", () => {
  fc.assert(
    fc.property(type, value, value, alphaBar, (prediction, x0, noise, at) => {
      const [drawing, epsilon] = [Float32Array.of(x0), Float32Array.of(noise)];
      const [x, target] = [new Float32Array(1), new Float32Array(1)];
      addNoise(drawing, epsilon, at, x);
      predictionTarget(prediction, drawing, epsilon, at, target);
      expect(impliedNoise(prediction, target, x, at)[0]).toBeCloseTo(noise, 5);
      // Near pure noise the drawing is a small difference of large numbers.
      const digits = prediction === "v" ? 5 : 5 + Math.log10(Math.sqrt(at));
      expect(impliedDrawing(prediction, target, x, at)[0]).toBeCloseTo(x0, digits);
    }),
  );
});

test("any prediction implies a noise and a drawing that together make x again", () => {
  fc.assert(
    fc.property(type, value, value, alphaBar, (prediction, said, noisy, at) => {
      const [output, x] = [Float32Array.of(said), Float32Array.of(noisy)];
      const made = new Float32Array(1);
      addNoise(impliedDrawing(prediction, output, x, at), impliedNoise(prediction, output, x, at), at, made);
      expect(made[0]).toBeCloseTo(noisy, 4);
    }),
  );
});

test("v is the velocity of Salimans and Ho 2022 at the ends and in the middle", () => {
  const v = (at: number) => {
    const target = new Float32Array(1);
    predictionTarget("v", Float32Array.of(3), Float32Array.of(2), at, target);
    return target[0];
  };
  expect(v(1)).toBe(2);
  expect(v(0)).toBe(-3);
  expect(v(0.5)).toBeCloseTo((2 - 3) / Math.SQRT2, 6);
});

describe("loss weights", () => {
  test("uniform is 1 whatever is predicted", () => {
    expect(lossWeight("uniform", "noise", 0.3)).toBe(1);
    expect(lossWeight("uniform", "v", 0.999)).toBe(1);
  });

  test("min-SNR weighs the error of the drawing by min(SNR, 5), whatever is predicted", () => {
    fc.assert(
      fc.property(type, alphaBar, value, value, (prediction, at, said, noisy) => {
        const slip = 0.5;
        const x = Float32Array.of(noisy);
        const drawing = (output: number) => impliedDrawing(prediction, Float32Array.of(output), x, at)[0];
        const errorOfDrawing = (drawing(said + slip) - drawing(said)) ** 2;
        const snr = at / (1 - at);
        const weighted = lossWeight("min-snr", prediction, at) * slip ** 2;
        const relative = weighted / (Math.min(snr, 5) * errorOfDrawing);
        expect(relative).toBeCloseTo(1, 2);
      }),
    );
  });

  test("min-SNR in closed form (Hang et al. 2023, section 3.4)", () => {
    expect(lossWeight("min-snr", "noise", 0.5)).toBe(1); // SNR 1
    expect(lossWeight("min-snr", "noise", 0.9)).toBeCloseTo(5 / 9, 12); // SNR 9
    expect(lossWeight("min-snr", "v", 0.5)).toBe(0.5);
    expect(lossWeight("min-snr", "v", 0.9)).toBeCloseTo(5 / 10, 12);
  });
});
