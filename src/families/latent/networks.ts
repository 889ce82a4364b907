import { split, transpose } from "../../graph/ops/shape.ts";
import { reshape } from "../../graph/ops/stretch.ts";
import { sizeAt } from "../../graph/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { gatedResiduals } from "../../nn/gated-convolution.ts";
import { linear } from "../../nn/layers.ts";
import type { Scope } from "../../nn/parameters.ts";
import { rmsNorm } from "../../nn/rms-norm.ts";
import { onRows } from "../../nn/rows.ts";
import type { LatentSettings } from "./settings.ts";

/** Places apart that the taps of a stage's convolutions lie, between points and between latents. */
const DILATIONS = [1, 2, 4];
/** Coordinates and pen. */
const CHANNELS = 3;

/** A drawing that was decoded. */
export interface Decoded {
  /** [batch, points, 2]. */
  readonly coordinates: Tensor;
  /** Logits of "the pen is lifted after this point", [batch, points]. */
  readonly penLogits: Tensor;
}

/** Drawings [batch, points, 3] as latents [batch, latents, latentSize]. */
export function encode(
  scope: Scope,
  { points, latents, latentSize, pointWidth, latentWidth }: LatentSettings,
  drawings: Tensor,
): Tensor {
  const batch = sizeAt("encode", drawings.shape, 0);
  const each = points / latents;
  const rows = onRows(transpose(drawings, [1, 0, 2]), (x) => linear(scope.child("input"), x, pointWidth));
  const seen = gatedResiduals(scope.child("points"), rows, DILATIONS);
  const patches = transpose(reshape(seen, [latents, each, batch, pointWidth]), [0, 2, 1, 3]);
  const joined = onRows(reshape(patches, [latents, batch, each * pointWidth]), (x) =>
    linear(scope.child("join"), x, latentWidth),
  );
  const h = gatedResiduals(scope.child("latents"), joined, DILATIONS);
  const codes = onRows(rmsNorm(scope.child("norm"), h), (x) => linear(scope.child("output"), x, latentSize));
  return transpose(codes, [1, 0, 2]);
}

/** Latents [batch, latents, latentSize] as drawings. */
export function decode(
  scope: Scope,
  { points, latents, pointWidth, latentWidth }: LatentSettings,
  codes: Tensor,
): Decoded {
  const batch = sizeAt("decode", codes.shape, 0);
  const each = points / latents;
  const rows = onRows(transpose(codes, [1, 0, 2]), (x) => linear(scope.child("input"), x, latentWidth));
  const seen = gatedResiduals(scope.child("latents"), rows, DILATIONS);
  const parted = onRows(seen, (x) => linear(scope.child("part"), x, each * pointWidth));
  const patches = transpose(reshape(parted, [latents, batch, each, pointWidth]), [0, 2, 1, 3]);
  const h = gatedResiduals(scope.child("points"), reshape(patches, [points, batch, pointWidth]), DILATIONS);
  const drawn = onRows(rmsNorm(scope.child("norm"), h), (x) => linear(scope.child("output"), x, CHANNELS));
  const [coordinates, penLogits] = split(transpose(drawn, [1, 0, 2]), 2, [CHANNELS - 1, 1]);
  return { coordinates, penLogits: reshape(penLogits, [batch, points]) };
}
