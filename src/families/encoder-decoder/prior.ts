import { conditionAt } from "../../diffusion/denoiser.ts";
import { add, silu } from "../../graph/ops/elementwise.ts";
import { concat, split } from "../../graph/ops/shape.ts";
import { reshape } from "../../graph/ops/stretch.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { linear } from "../../nn/layers.ts";
import { modulated, zeroLinear } from "../../nn/modulation.ts";
import type { Scope } from "../../nn/parameters.ts";
import { conditionVector } from "../denoiser/condition-vector.ts";
import type { DenoiserNetwork, RowSettings } from "../denoiser/network.ts";
import type { EncoderDecoderSettings } from "./settings.ts";

const blockName = (i: number): string => `block${i + 1}`;

const conditionSizes = ({ priorWidth, priorBlocks }: EncoderDecoderSettings) =>
  Object.fromEntries(Array.from({ length: priorBlocks }, (_, i) => [blockName(i), 2 * priorWidth]));

/** A perceptron for codes, every layer of which sees the noisy code too (Preechakul et al. 2022, appendix A). */
export const prior: DenoiserNetwork<EncoderDecoderSettings & RowSettings> = {
  conditionSizes,
  conditions(scope, sizes, inputs) {
    const inner = scope.child("prior");
    const vector = conditionVector(inner, inputs, sizes.classes, sizes.conditionWidth);
    return Object.fromEntries(
      Object.entries(conditionSizes(sizes)).map(([place, size]) => [
        place,
        linear(inner.child("modulation").child(place), vector, size),
      ]),
    );
  },
  denoise(scope, { priorWidth, priorBlocks, channels }, { noisy, conditions }) {
    const inner = scope.child("prior");
    const x = reshape(noisy, [...noisy.shape.slice(0, 1), channels]);
    let h = linear(inner.child("input"), x, priorWidth);
    for (let i = 0; i < priorBlocks; i++) {
      const [scale, shift] = split(conditionAt(conditions, blockName(i)), 1, [priorWidth, priorWidth]);
      h = add(
        h,
        perceptron(inner.child(blockName(i)), concat([modulated(h, scale, shift), x], 1), priorWidth),
      );
    }
    return { prediction: reshape(zeroLinear(inner.child("output"), h, channels), noisy.shape) };
  },
};

/** Twice as wide inside: x [batch, in] to [batch, width]. */
const perceptron = (scope: Scope, x: Tensor, width: number): Tensor =>
  linear(scope.child("2"), silu(linear(scope.child("1"), x, 2 * width)), width);
