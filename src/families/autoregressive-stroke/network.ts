import { add, silu } from "../../graph/ops/elementwise.ts";
import { split } from "../../graph/ops/shape.ts";
import { reshape } from "../../graph/ops/stretch.ts";
import { sizeAt } from "../../graph/shape.ts";
import { input, type Tensor } from "../../graph/tensor.ts";
import { embedding, linear } from "../../nn/layers.ts";
import { modulated, zeroLinear } from "../../nn/modulation.ts";
import { multiHeadAttention } from "../../nn/multi-head.ts";
import { type Parameter, parameterScope, type Scope } from "../../nn/parameters.ts";
import { rmsNorm } from "../../nn/rms-norm.ts";
import { onRows } from "../../nn/rows.ts";
import { timeCondition } from "../denoiser/time-condition.ts";
import type { StrokeSettings } from "./settings.ts";
import { numbersOf, rowSize } from "./strokes.ts";

/** The networks' settings, and the number of categories; the embedding of these has one row more, for "no class". */
export type StrokeSizes = StrokeSettings & { readonly classes: number };

/** What the first network reads of some drawings. */
interface ContextInputs {
  /** [batch, strokes, numbers]: the stroke before each one; zeros before the first. */
  readonly before: Tensor;
  /** Category indices, int64 [batch]. */
  readonly labels: Tensor;
}

/** What the second network is given. */
interface StrokeInputs {
  /** [rows, numbers + 1]. */
  readonly noisy: Tensor;
  /** What `buildTime` made of the time steps, [rows, width]. */
  readonly time: Tensor;
  /** What the strokes before say of this one, [rows, contextWidth]. */
  readonly context: Tensor;
}

/** Sinusoids that a time step is told by. */
const SINUSOIDS = 128;

const blockName = (i: number): string => `block${i + 1}`;

/**
 * What the strokes so far and the category say of each next stroke, [batch, strokes, contextWidth]: a causal transformer
 * whose tokens are strokes, each at its absolute place.
 */
function readContext(
  scope: Scope,
  { strokes, contextWidth: width, contextBlocks, contextHeads, classes }: StrokeSizes,
  { before, labels }: ContextInputs,
): Tensor {
  const batch = sizeAt("readContext", labels.shape, 0);
  const category = embedding(scope.child("class_emb"), labels, classes + 1, width);
  const place = scope.child("place_emb").parameter("weight", [strokes, width], { normal: 1 });
  const told = add(reshape(category, [batch, 1, width]), reshape(place, [1, strokes, width]));
  let h = add(
    onRows(before, (rows) => linear(scope.child("input"), rows, width)),
    told,
  );
  for (let i = 0; i < contextBlocks; i++) {
    const inner = scope.child(blockName(i));
    const seen = rmsNorm(inner.child("norm1"), h);
    h = add(h, multiHeadAttention(inner.child("attention"), seen, contextHeads, { causal: true }));
    const made = onRows(rmsNorm(inner.child("norm2"), h), (rows) =>
      linear(inner.child("mlp2"), silu(linear(inner.child("mlp1"), rows, 4 * width)), width),
    );
    h = add(h, made);
  }
  return rmsNorm(scope.child("norm"), h);
}

/**
 * What is noise in a stroke, [rows, numbers + 1]: a residual perceptron over all its numbers at once, whose normalisations are
 * scaled and shifted by time step and context (as the diffusion head of Li et al. 2024).
 */
function denoiseStroke(scope: Scope, settings: StrokeSizes, { noisy, time, context }: StrokeInputs): Tensor {
  const { width, blocks } = settings;
  const told = linear(scope.child("context"), context, width);
  const conditions = silu(add(time, told));
  const normalised = (inner: Scope, x: Tensor): Tensor => {
    const both = zeroLinear(inner.child("modulation"), conditions, 2 * width);
    const [scale, shift] = split(both, 1, [width, width]);
    return modulated(x, scale, shift);
  };
  let h = linear(scope.child("input"), noisy, width);
  for (let i = 0; i < blocks; i++) {
    const inner = scope.child(blockName(i));
    const hidden = silu(linear(inner.child("mlp1"), normalised(inner, h), 2 * width));
    h = add(h, linear(inner.child("mlp2"), hidden, width));
  }
  const output = scope.child("output");
  return zeroLinear(output, normalised(output, h), rowSize(settings));
}

/** What the first network is fed, for so many drawings. */
export const contextInputs = (sizes: StrokeSizes, batch: number): ContextInputs => ({
  before: input("before", [batch, sizes.strokes, numbersOf(sizes)]),
  labels: input("labels", [batch], "int64"),
});

/** What the second network is fed, for so many strokes. */
export const strokeInputs = (sizes: StrokeSizes, rows: number): StrokeInputs => ({
  noisy: input("noisy", [rows, rowSize(sizes)]),
  time: input("time", [rows, sizes.width]),
  context: input("context", [rows, sizes.contextWidth]),
});

/** A network as a graph, and its parameters, in order of declaration, the same for every batch. */
interface Built {
  readonly output: Tensor;
  readonly parameters: readonly Parameter[];
}

export function buildContext(sizes: StrokeSizes, inputs: ContextInputs): Built {
  const { scope, parameters } = parameterScope();
  return { output: readContext(scope.child("context"), sizes, inputs), parameters };
}

/** The part of the second network that sees nothing but time steps [rows]: [rows, width]. */
export function buildTime({ width }: StrokeSizes, times: Tensor): Built {
  const { scope, parameters } = parameterScope();
  return { output: timeCondition(scope.child("stroke"), { times }, SINUSOIDS, width), parameters };
}

export function buildStroke(sizes: StrokeSizes, inputs: StrokeInputs): Built {
  const { scope, parameters } = parameterScope();
  return { output: denoiseStroke(scope.child("stroke"), sizes, inputs), parameters };
}

/** The parameters of all. */
export const parametersOf = (sizes: StrokeSizes): readonly Parameter[] => [
  ...buildContext(sizes, contextInputs(sizes, 1)).parameters,
  ...buildTime(sizes, input("times", [1])).parameters,
  ...buildStroke(sizes, strokeInputs(sizes, 1)).parameters,
];
