import { add, cos, mul, sin, sub } from "../graph/ops/elementwise.ts";
import { concat, split } from "../graph/ops/shape.ts";
import { ShapeError, showShape, sizeAt } from "../graph/shape.ts";
import { constant, type Tensor } from "../graph/tensor.ts";

/** Lowest frequency 1 / BASE: the usual choice of rotary embeddings. */
const BASE = 10_000;

/**
 * Angles by which positions turn queries and keys, for so many `pairs` of channels: position times BASE^(-i / pairs).
 * @param positions [..., length, 1], numbers of any kind: places, or the index of a stroke
 * @returns [..., length, pairs]
 */
export const rotaryAngles = (positions: Tensor, pairs: number): Tensor =>
  mul(
    positions,
    constant(
      Array.from({ length: pairs }, (_, i) => BASE ** (-i / pairs)),
      [pairs],
    ),
  );

/**
 * Rotary position embedding (Su et al. 2021, "RoFormer"): channels i and i + size / 2 of x [..., length, size] are turned
 * by angle i, so that a product of a query and a key depends on the difference of their positions.
 * @param angles [..., length, size / 2], broadcast with x
 */
export function rotate(x: Tensor, angles: Tensor): Tensor {
  const pairs = sizeAt("rotate", x.shape, -1) / 2;
  if (sizeAt("rotate", angles.shape, -1) !== pairs)
    throw new ShapeError(
      `rotate: ${showShape(x.shape)} needs an angle for each of ${pairs} pairs of channels, found ${showShape(angles.shape)}`,
    );
  const [a, b] = split(x, -1, [pairs, pairs]);
  const [c, s] = [cos(angles), sin(angles)];
  return concat([sub(mul(a, c), mul(b, s)), add(mul(a, s), mul(b, c))], -1);
}
