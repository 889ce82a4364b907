import { randomStream } from "../../../src/base/random.ts";
import type { Conditions, Denoiser } from "../../../src/diffusion/denoiser.ts";
import type { DenoiserNetwork, RowSettings, Sizes } from "../../../src/families/denoiser/network.ts";
import { gradients } from "../../../src/graph/gradient.ts";
import { mul } from "../../../src/graph/ops/elementwise.ts";
import { mean } from "../../../src/graph/ops/mean.ts";
import { reshape } from "../../../src/graph/ops/stretch.ts";
import { sizeOf } from "../../../src/graph/shape.ts";
import { constant, input, type Tensor } from "../../../src/graph/tensor.ts";
import { type Parameter, parameterScope } from "../../../src/nn/parameters.ts";
import { normals } from "../../graph/check.ts";
import type { ReferenceFeeds } from "../../graph/reference.ts";

/** Both parts in one graph for so many drawings. */
export interface DenoiserGraph {
  readonly parameters: readonly Parameter[];
  readonly inputs: readonly Tensor[];
  readonly conditions: Conditions;
  readonly output: Denoiser;
}

export function denoiserGraph<S extends RowSettings>(
  network: DenoiserNetwork<S>,
  settings: Sizes<S>,
  batch: number,
): DenoiserGraph {
  const noisy = input("noisy", [batch, settings.points, settings.channels]);
  const known = settings.prefixConditioning ? input("known", [batch, settings.points]) : undefined;
  const code = settings.codeSize === undefined ? undefined : input("code", [batch, settings.codeSize]);
  const times = input("times", [batch]);
  const labels = input("labels", [batch], "int64");
  const guidance = settings.maxGuidance ? input("guidance", [batch]) : undefined;
  const { scope, parameters } = parameterScope();
  const conditions = network.conditions(scope, settings, { times, labels, ...(guidance && { guidance }) });
  const output = network.denoise(
    scope,
    settings,
    { noisy, ...(known && { known }), ...(code && { code }), conditions },
    "natural",
  );
  const given = [noisy, known, code, times, labels, guidance].flatMap((tensor) => tensor ?? []);
  return { parameters, inputs: [...given, ...parameters.map(({ tensor }) => tensor)], conditions, output };
}

/** Numbers for every input, the same for a drawing whatever the batch; weights of the size that training meets. */
export function feedsOf(
  { parameters }: DenoiserGraph,
  settings: Sizes<RowSettings>,
  drawings: readonly number[],
) {
  const { points, classes, channels, codeSize = 0 } = settings;
  const each = (numbers: (drawing: number) => ArrayLike<number>) =>
    drawings.flatMap((drawing) => Array.from(numbers(drawing)));
  return {
    noisy: each((drawing) => normals(points * channels, 100 + drawing)),
    known: each((drawing) => Array.from({ length: points }, (_, i) => Number(i < drawing))),
    code: each((drawing) => normals(codeSize, 200 + drawing)),
    times: each((drawing) => [17 + ((786 * drawing) % 1000)]),
    labels: each((drawing) => [classes - (drawing % (classes + 1))]),
    guidance: each((drawing) => [1 + drawing / 2]),
    ...Object.fromEntries(
      parameters.map(({ name, shape }, index) => {
        const deviation = shape.length > 1 ? 1 / Math.sqrt(sizeOf(shape.slice(1))) : 0.2;
        const stream = randomStream(5, index);
        return [name, Float32Array.from({ length: sizeOf(shape) }, () => deviation * stream.normal())];
      }),
    ),
  } satisfies ReferenceFeeds;
}

/** A scalar that every number of the output has a different share in, and its gradient by each parameter. */
export function lossOf({ output, parameters }: DenoiserGraph): {
  loss: Tensor;
  derivatives: readonly Tensor[];
} {
  const { prediction } = output;
  const shares = constant(normals(sizeOf(prediction.shape), 7), prediction.shape);
  const shared = mul(prediction, shares);
  const loss = reshape(mean(mul(shared, shared)), []);
  const tensors = parameters.map(({ tensor }) => tensor);
  return { loss, derivatives: gradients(loss, tensors) };
}
